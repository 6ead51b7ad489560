const brand = Symbol.for('k1s.dev/ConnectionError')

/**
 * A request that got no answer: nobody listens, the name is unknown, the certificate is not trusted, no credentials
 * could be had. It says what `url.Error` of Go says, from which kubectl makes its messages.
 */
export class ConnectionError extends Error {
  readonly method: string
  readonly url: string
  /** Without method and URL, in the words of Go's standard library: `dial tcp 127.0.0.1:6443: connect: connection refused`. */
  readonly reason: string
  readonly [brand] = true

  constructor(method: string, url: string, reason: string, options?: ErrorOptions) {
    super(`${method[0]}${method.slice(1).toLowerCase()} ${JSON.stringify(url)}: ${reason}`, options)
    this.name = 'ConnectionError'
    this.method = method
    this.url = url
    this.reason = reason
  }

  /** Nobody listens where the server should be. */
  get refused(): boolean {
    return this.reason.includes('connection refused')
  }
}

/** True for a ConnectionError of this copy of the package or of another one in the same process. */
export function isConnectionError(error: unknown): error is ConnectionError {
  return typeof error === 'object' && error !== null && brand in error
}
