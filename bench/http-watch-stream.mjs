import { openSocket } from './http-client.mjs'

const revisionField = Buffer.from('"resourceVersion":"')
const newline = 0x0a
const quote = 0x22

/**
 * A watch that looks at no more than it must: the revision of each event, and when it came. It reads lines of the
 * chunked stream; the lines between chunks have no revision.
 */
export class WatchStream {
  /** Of each event, in the order in which they came. */
  revisions = []
  /** When each came, in milliseconds of performance.now(). */
  arrivals = []
  /** Lines that are no event of an object: an ERROR. */
  failures = []
  isEnded = false
  #socket
  #rest

  static async open({ token, ...target }, path) {
    const socket = await openSocket(target)
    const opened = new Promise((resolve, reject) => {
      socket.once('data', (head) => {
        const text = head.toString()
        if (text.startsWith('HTTP/1.1 200')) resolve()
        else reject(new Error(text))
      })
    })
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n\r\n`)
    await opened
    return new WatchStream(socket)
  }

  constructor(socket) {
    this.#socket = socket
    socket.on('data', (chunk) => this.#take(chunk))
    socket.on('close', () => {
      this.isEnded = true
    })
    socket.on('error', (error) => this.failures.push(String(error)))
  }

  pause() {
    this.#socket.pause()
  }

  resume() {
    this.#socket.resume()
  }

  close() {
    this.#socket.destroy()
  }

  #take(chunk) {
    const now = performance.now()
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk])
    let start = 0
    let end = bytes.indexOf(newline)
    while (end >= 0) {
      if (end - start > revisionField.length) this.#line(bytes, start, end, now)
      start = end + 1
      end = bytes.indexOf(newline, start)
    }
    this.#rest = start < bytes.length ? bytes.subarray(start) : undefined
  }

  #line(bytes, start, end, now) {
    const field = bytes.indexOf(revisionField, start)
    if (field < 0 || field > end || bytes.indexOf('"type":"ERROR"', start) === start + 1) {
      this.failures.push(bytes.toString('utf8', start, end))
      return
    }
    let revision = 0
    for (let at = field + revisionField.length; bytes[at] !== quote; at++)
      revision = revision * 10 + bytes[at] - 0x30
    this.revisions.push(revision)
    this.arrivals.push(now)
  }
}
