// The server of the HTTP budgets, in a process of its own: `k1s`, the API server on a store; or `bare`, a handler of
// node:http that answers every request with the bytes it is told to. Sends its port; exits when it is told to.

import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { bearerTokenAuthenticator, createAPIServer } from '@k1s/apiserver'
import { item, itemName } from './item.mjs'
import { inFlight } from './measure.mjs'
import { openEngine, openRuntime } from './stores.mjs'

const [, , what] = process.argv

process.once('message', async (options) => {
  const close = await (what === 'bare' ? serveBare(options) : serveAPI(options))
  process.on('message', () => close().then(() => process.disconnect()))
})

async function serveAPI({ tls, token, storage, path, objects }) {
  const runtime = await openRuntime(await openEngine(storage, path))
  await inFlight(objects, 64, (index) => runtime.client.create(item(itemName('item', index))))
  const server = await createAPIServer({
    transport: runtime.transport,
    authenticate: bearerTokenAuthenticator(token),
    port: 0,
    ...(tls === undefined ? { insecureHttp: true } : { tls }),
    onError: (error) => console.error(error),
  })
  process.send(server.port)
  return async () => {
    await server.close()
    await runtime.close()
  }
}

async function serveBare({ tls, body }) {
  const bytes = Buffer.from(body)
  const answer = (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': bytes.length })
    response.end(bytes)
  }
  const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  process.send(server.address().port)
  return () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
}
