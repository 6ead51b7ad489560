/** What a server bears from its clients. */
export interface Limits {
  /** Bytes of a request's body. Default 3 MiB, as an API server. */
  readonly bodyBytes: number
  /** Bytes of a request's headers. Default 64 KiB. */
  readonly headerBytes: number
  /** Reading requests that are answered at the same time. Default 400. Watches do not count. */
  readonly readsInFlight: number
  /** Writing requests that are answered at the same time. Default 200. */
  readonly writesInFlight: number
  readonly watches: number
  readonly connections: number
  /** Time for a TLS handshake, and for a request's headers to arrive, in milliseconds. Default 10,000. */
  readonly headersTimeoutMs: number
  /** Time for a whole request to arrive, in milliseconds. Default 60,000. */
  readonly requestTimeoutMs: number
  /** How long a watch waits for a client that does not read, in milliseconds, before it ends with 410. Default 30,000. */
  readonly watchStallMs: number
}

export const defaultLimits: Limits = {
  bodyBytes: 3 * 1024 * 1024,
  headerBytes: 64 * 1024,
  readsInFlight: 400,
  writesInFlight: 200,
  watches: 10_000,
  connections: 20_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  watchStallMs: 30_000,
}
