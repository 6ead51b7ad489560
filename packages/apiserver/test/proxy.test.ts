import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type APIServer,
  bearerTokenAuthenticator,
  createAPIServer,
  loadServingCertificate,
} from '@k1s/apiserver'
import { type ApiRequest, createRuntime, type Runtime } from '@k1s/core'
import { type ClientConfig, fixedCredentials, HttpTransport, isConnectionError } from '@k1s/core/http'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

const token = 'a-token-for-the-tests-of-proxies'
const directory = mkdtempSync(join(tmpdir(), 'k1s-proxy-'))
const list: ApiRequest = {
  tenant: 'default',
  user: { name: '' },
  verb: 'list',
  group: '',
  version: 'v1',
  resource: 'configmaps',
  options: {},
}
let runtime: Runtime
let server: APIServer
let config: ClientConfig

beforeAll(async () => {
  runtime = await createRuntime({ storage: { type: 'memory' } })
  const certificate = await loadServingCertificate(directory, ['127.0.0.1'])
  server = await createAPIServer({
    transport: runtime.transport,
    port: 0,
    tls: certificate.serving,
    authenticate: bearerTokenAuthenticator(token),
  })
  config = {
    server: server.url,
    tls: { certificateAuthority: certificate.authority },
    credentials: fixedCredentials({ authorization: `Bearer ${token}` }),
  }
})
afterAll(async () => {
  await server.close()
  await runtime.close()
  rmSync(directory, { recursive: true })
})

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

type Connect = (request: IncomingMessage, socket: Socket) => void

/** A proxy that does this with what it is asked to connect to. */
async function proxyThat(onConnect: Connect): Promise<{ proxy: Server; url: string; asked: string[] }> {
  const asked: string[] = []
  const proxy = createServer()
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(`${request.headers['proxy-authorization'] ?? ''}${request.url}`)
    socket.on('error', () => {})
    closing.push(() => socket.destroy())
    onConnect(request, socket)
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  closing.push(() => proxy.close())
  return { proxy, url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked }
}

const tunnel: Connect = ({ url }, socket) => {
  const [host, port] = url!.split(':')
  const target = connect(Number(port), host, () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    socket.pipe(target).pipe(socket)
  })
  target.on('error', () => socket.destroy())
  socket.on('close', () => target.destroy())
}

function transportBy(proxyUrl: string, fields: Partial<ClientConfig> = {}): HttpTransport {
  const transport = new HttpTransport({ ...config, ...fields, proxyUrl }, { env: {} })
  closing.push(() => transport.close())
  return transport
}

const connectionsOf = (proxy: Server) =>
  new Promise((resolve) => proxy.getConnections((_, count) => resolve(count)))

test('a server is reached through a proxy, by its own certificate authority, and nothing is left open', async () => {
  const { proxy, url, asked } = await proxyThat(tunnel)
  const transport = transportBy(url.replace('://', '://ann:secret@'))
  expect((await transport.request(list)).code).toBe(200)
  expect(asked).toEqual([`Basic ${btoa('ann:secret')}${new URL(server.url).host}`])
  transport.close()
  await expect.poll(() => connectionsOf(proxy)).toBe(0)
})

test('a server behind a proxy is not trusted without its certificate authority, unless that is wanted', async () => {
  const { url } = await proxyThat(tunnel)
  await expect(transportBy(url, { tls: {} }).request(list)).rejects.toThrow(
    'tls: failed to verify certificate: x509: certificate signed by unknown authority',
  )
  const insecure = transportBy(url, { tls: { insecureSkipVerify: true } })
  expect((await insecure.request(list)).code).toBe(200)
})

test('what a proxy says that does not connect is no answer of the server', async () => {
  const { url } = await proxyThat((_, socket) =>
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\n{}'),
  )
  const error = await transportBy(url)
    .request(list)
    .catch((reason: unknown) => reason)
  expect(error).toSatisfy(isConnectionError)
  expect(error).toMatchObject({ reason: 'Proxy Authentication Required' })
})

test('a request through a proxy that does not answer can be aborted, and closing ends its connection', async () => {
  const { proxy, url } = await proxyThat((_, socket) => socket.resume().on('end', () => socket.end()))
  const transport = transportBy(url)
  const aborted = transport.request({ ...list, signal: AbortSignal.timeout(30) })
  await expect(aborted).rejects.toThrow('timeout')
  expect(await connectionsOf(proxy)).toBe(1)
  transport.close()
  await expect.poll(() => connectionsOf(proxy)).toBe(0)
})
