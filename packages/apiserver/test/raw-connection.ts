import { connect, type Socket } from 'node:net'
import { connect as connectTls, TLSSocket } from 'node:tls'

/** An answer as it came. */
export interface RawAnswer {
  readonly code: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
  /** Whether the whole body came. A watch that goes on has not ended yet. */
  readonly isWhole: boolean
}

/** A connection for bytes that no HTTP client would send. */
export class RawConnection {
  readonly socket: Socket
  received = ''
  isClosed = false
  #changed: () => void = () => {}

  static async open(url: string, ca?: string): Promise<RawConnection> {
    const { hostname: host, port, protocol } = new URL(url)
    const isSecure = protocol === 'https:'
    const address = { host, port: Number(port), allowHalfOpen: true }
    const socket = isSecure ? connectTls({ ...address, ca }) : connect(address)
    const connection = new RawConnection(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once(isSecure ? 'secureConnect' : 'connect', resolve)
      socket.once('error', reject)
    })
    return connection
  }

  constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (text) => {
      this.received += text
      this.#changed()
    })
    const close = () => {
      this.isClosed = true
      this.#changed()
    }
    // That a server ends or resets a connection is among what it may do with what it is sent.
    socket.on('error', close).on('end', close).on('close', close)
  }

  write(bytes: string | Buffer): void {
    if (!this.socket.destroyed) this.socket.write(bytes)
  }

  /** Resolves when the other side has taken it, or is gone. */
  writeAndDrain(bytes: Buffer): Promise<void> {
    if (this.socket.destroyed || this.socket.write(bytes))
      return new Promise((resolve) => setImmediate(resolve))
    return new Promise((resolve) => {
      const settle = () => {
        this.socket.off('drain', settle).off('close', settle).off('end', settle)
        resolve()
      }
      this.socket.on('drain', settle).on('close', settle).on('end', settle)
    })
  }

  /** Says that no more will come, and goes on listening. */
  end(): void {
    this.socket.end()
  }

  destroy(): void {
    this.socket.destroy()
  }

  /** Ends the connection as a process that is killed does. TLS cannot. */
  reset(): void {
    if (this.socket instanceof TLSSocket) this.socket.destroy()
    else this.socket.resetAndDestroy()
  }

  gone(): Promise<void> {
    return this.socket.closed
      ? Promise.resolve()
      : new Promise((resolve) => this.socket.once('close', () => resolve()))
  }

  /** Resolves when the condition holds, or the server has closed the connection. An Error after a time. */
  async until(condition: () => boolean, what: string, timeoutMs = 10_000): Promise<void> {
    const late = AbortSignal.timeout(timeoutMs)
    while (!condition() && !this.isClosed) {
      await new Promise<void>((resolve, reject) => {
        this.#changed = resolve
        late.onabort = () =>
          reject(new Error(`${what} did not come; received ${JSON.stringify(this.received)}`))
      })
    }
  }

  /** The answer, once it is there as far as it will come. Undefined if the server closed the connection without one. */
  async answer(to?: { readonly isHead: boolean }): Promise<RawAnswer | undefined> {
    await this.until(() => this.answers(to).length > 0, 'an answer')
    return this.answers(to)[0]
  }

  closed(timeoutMs?: number): Promise<void> {
    return this.until(() => false, 'the end of the connection', timeoutMs)
  }

  /** What has come so far. Throws if that is no HTTP. */
  answers({ isHead = false } = {}): RawAnswer[] {
    const answers: RawAnswer[] = []
    let rest = this.received
    while (rest !== '') {
      const end = rest.indexOf('\r\n\r\n')
      if (end < 0) break
      const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n')
      const code = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1])
      if (Number.isNaN(code)) throw new Error(`no answer of HTTP: ${JSON.stringify(rest.slice(0, 500))}`)
      const headers = new Map(
        lines.map((line): [string, string] => {
          const colon = line.indexOf(':')
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
        }),
      )
      rest = rest.slice(end + 4)
      if (code === 100) continue
      const hasBody = !isHead && code !== 204 && code !== 304
      const read = !hasBody ? { body: '', length: 0 } : readBody(headers, rest)
      const isStream = headers.has('transfer-encoding')
      if (read === undefined && !isStream) break
      answers.push({ code, headers, body: read?.body ?? rest, isWhole: read !== undefined })
      if (read === undefined) break
      rest = rest.slice(read.length)
    }
    return answers
  }
}

/** The body and how many characters of `rest` it takes. Undefined if it has not come as a whole. */
function readBody(
  headers: ReadonlyMap<string, string>,
  rest: string,
): { body: string; length: number } | undefined {
  if (headers.get('transfer-encoding') === 'chunked') return readChunks(rest)
  const length = Number(headers.get('content-length') ?? 0)
  return rest.length < length ? undefined : { body: rest.slice(0, length), length }
}

function readChunks(rest: string): { body: string; length: number } | undefined {
  let body = ''
  let at = 0
  while (true) {
    const end = rest.indexOf('\r\n', at)
    if (end < 0) return undefined
    const size = Number.parseInt(rest.slice(at, end), 16)
    const start = end + 2
    if (rest.length < start + size + 2) return undefined
    body += rest.slice(start, start + size)
    at = start + size + 2
    if (size === 0) return { body, length: at }
  }
}
