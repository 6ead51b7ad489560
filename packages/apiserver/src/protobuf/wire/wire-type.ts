/** How a value is laid out: https://protobuf.dev/programming-guides/encoding/#structure */
export const WireType = {
  varint: 0,
  fixed64: 1,
  lengthDelimited: 2,
  groupStart: 3,
  groupEnd: 4,
  fixed32: 5,
} as const
