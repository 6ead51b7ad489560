const slabBytes = 64 * 1024
let slab: Buffer = Buffer.alloc(0)
let used = 0

/**
 * Uninitialised bytes, cut from larger pieces: a buffer of its own for each of a list's values would cost more
 * than reading them does.
 */
export function allocate(size: number): Buffer {
  if (size > slabBytes >> 3) return Buffer.allocUnsafeSlow(size)
  if (used + size > slab.length) {
    slab = Buffer.allocUnsafeSlow(slabBytes)
    used = 0
  }
  const start = used
  used += (size + 7) & ~7
  return slab.subarray(start, start + size)
}
