import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A way to a server that breaks when a test says so: what goes through it is lost, and nobody listens until it is mended. */
export class BreakableWay implements AsyncDisposable {
  #server: Server | undefined
  #port = 0
  readonly #sockets = new Set<Socket>()

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Leads to a server on this machine, always from the same port. */
  async lead(to: number): Promise<void> {
    this.#server = createServer((socket) => {
      const onward = connect(to, '127.0.0.1')
      for (const [end, other] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        this.#sockets.add(end)
        end.on('error', () => other.destroy())
        end.on('close', () => this.#sockets.delete(end))
        end.pipe(other)
      }
    })
    await once(this.#server.listen(this.#port, '127.0.0.1'), 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  async break(): Promise<void> {
    const server = this.#server!
    server.close()
    for (const socket of this.#sockets) socket.resetAndDestroy()
    if (server.listening || this.#sockets.size > 0) await once(server, 'close')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server?.listening) await this.break()
  }
}
