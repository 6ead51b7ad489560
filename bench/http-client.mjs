import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

/**
 * A lean HTTP client for answers with a Content-Length: it costs as little as it can beside a server that is measured
 * on the same machine. Requests of one connection wait for each other.
 */
export class HttpConnection {
  #socket
  #head
  #received = Buffer.alloc(0)
  #settle

  static async open({ port, ca, token }) {
    const socket = await openSocket({ port, ca })
    return new HttpConnection(
      socket,
      `Host: 127.0.0.1\r\nAccept: application/json\r\nAuthorization: Bearer ${token}\r\n`,
    )
  }

  constructor(socket, head) {
    this.#socket = socket
    this.#head = head
    socket.on('data', (chunk) => this.#take(chunk))
    const fail = (error) => this.#settle?.reject(error ?? new Error('the server closed the connection'))
    socket.on('error', fail).on('close', () => fail())
  }

  /** Resolves to the bytes of the answer's body. An Error if its code is not 200 or 201. */
  request(method, path, body = '', contentType = 'application/json') {
    const content =
      body === '' ? '' : `Content-Type: ${contentType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#socket.write(`${method} ${path} HTTP/1.1\r\n${this.#head}${content}\r\n${body}`)
    })
  }

  close() {
    this.#settle = undefined
    this.#socket.destroy()
  }

  #take(chunk) {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    const end = this.#received.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = this.#received.latin1Slice(0, end)
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1])
    if (this.#received.length < end + 4 + length) return
    const body = this.#received.subarray(end + 4, end + 4 + length)
    const { resolve, reject } = this.#settle
    this.#settle = undefined
    this.#received = this.#received.subarray(end + 4 + length)
    if (head.startsWith('HTTP/1.1 20')) resolve(body)
    else reject(new Error(`${head}\n${body}`))
  }
}

/** Resolves when it is connected. `ca` makes it TLS. */
export async function openSocket({ port, ca }) {
  const address = { host: '127.0.0.1', port, noDelay: true }
  const socket = ca === undefined ? connect(address) : connectTls({ ...address, ca })
  await new Promise((resolve, reject) => {
    socket.once(ca === undefined ? 'connect' : 'secureConnect', resolve).once('error', reject)
  })
  return socket
}

/** Calls `body` with as many open connections, which are closed afterwards. */
export async function withConnections(count, target, body) {
  const connections = await Promise.all(Array.from({ length: count }, () => HttpConnection.open(target)))
  try {
    return await body(connections)
  } finally {
    for (const connection of connections) connection.close()
  }
}

/**
 * Sends `count` requests over the connections, each as soon as its connection is free. Meanwhile this process does not
 * sleep: on a virtual machine it costs a server more to wake a core that is at rest than to answer, and the more the
 * slower it is.
 */
export async function requestAll(connections, count, send) {
  let next = 0
  const stayAwake = () => next < count && setImmediate(stayAwake)
  stayAwake()
  const worker = async (connection) => {
    while (next < count) await send(connection, next++)
  }
  await Promise.all(connections.map(worker))
}
