import { type APIServerOptions, createAPIServer } from '@k1s/apiserver'
import { createRuntime, type Runtime } from '@k1s/core'
import { openStorage } from '@k1s/storage'
import { afterAll, beforeAll, expect } from 'vitest'

export interface TestServer {
  readonly url: string
  readonly runtime: Runtime
  readonly errors: unknown[]
  /** A request as an administrator; `body` is sent as JSON unless headers say otherwise. */
  send(method: string, path: string, body?: unknown, headers?: { [name: string]: string }): Promise<Response>
}

/** One server over plain HTTP and a memory store for the tests of a file. */
export function testServer(options: Partial<APIServerOptions> = {}): TestServer {
  let url = ''
  let runtime: Runtime
  let stop: () => Promise<unknown>
  const errors: unknown[] = []
  beforeAll(async () => {
    const storage = await openStorage({ type: 'memory' })
    runtime = await createRuntime({ storage })
    const server = await createAPIServer({
      transport: runtime.transport,
      storage,
      port: 0,
      insecureHttp: true,
      authenticate: ({ headers }) =>
        headers.authorization === 'Bearer secret' ? { name: 'admin', groups: ['system:masters'] } : undefined,
      onError: (error) => errors.push(error),
      ...options,
    })
    url = server.url
    stop = () => server.close()
  })
  afterAll(async () => {
    // No request is left, whatever the tests have sent.
    expect(await stop()).toBe(0)
    await runtime.close()
  })
  return {
    get url() {
      return url
    },
    get runtime() {
      return runtime
    },
    errors,
    send: (method, path, body, headers = {}) =>
      fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: 'Bearer secret',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
  }
}
