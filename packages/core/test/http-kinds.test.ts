import { isNotFound } from '@k1s/apimachinery'
import { connect } from '@k1s/core'
import { expect, onTestFinished, test } from 'vitest'
import { scriptedServer } from './scripted-server.ts'

const responseKind = (kind: string) => ({ group: '', version: '', kind })
const resource = (plural: string, kind: string) => ({
  ...{ resource: plural, responseKind: responseKind(kind), scope: 'Namespaced', singularResource: '' },
  verbs: ['create'],
})

/** A server with the kinds `core`, which a test may add to, and a client of it. */
async function withKinds(core: [plural: string, kind: string][]) {
  const { url: server, seen } = await scriptedServer(({ url, method, headers }, response, body) => {
    response.setHeader('content-type', 'application/json')
    if (method !== 'GET') {
      response.end(body)
      return
    }
    const resources = url === '/api' ? core.map(([plural, kind]) => resource(plural, kind)) : []
    const etag = `"${resources.length}"`
    response.setHeader('etag', etag)
    if (headers['if-none-match'] === etag) {
      response.writeHead(304).end()
      return
    }
    const versions = [{ version: 'v1', resources }]
    const items = url === '/api' ? [{ metadata: {}, versions }] : []
    response.end(
      JSON.stringify({
        ...{ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items },
      }),
    )
  })
  const { client, transport, close } = await connect({ server, kubeconfig: '', namespace: 'a', env: {} })
  onTestFinished(close)
  return { transport, client, seen: () => seen.splice(0) }
}

const object = (kind: string) => ({ apiVersion: 'v1', kind, metadata: { name: 'x' } })
const discovery = ['GET /api', 'GET /apis']

test('discovery is asked before the first write, and not for other kinds that it told of', async () => {
  const { client, seen } = await withKinds([
    ['configmaps', 'ConfigMap'],
    ['secrets', 'Secret'],
  ])
  await client.create(object('ConfigMap'))
  expect(seen().sort()).toEqual([...discovery, 'POST /api/v1/namespaces/a/configmaps'])
  await client.create(object('ConfigMap'))
  await client.create(object('Secret'))
  expect(seen()).toEqual(['POST /api/v1/namespaces/a/configmaps', 'POST /api/v1/namespaces/a/secrets'])
})

test('what somebody else asked discovery serves a client too', async () => {
  const { client, transport, seen } = await withKinds([['secrets', 'Secret']])
  await transport.discover('default')
  expect(seen().sort()).toEqual(discovery)
  await client.create(object('Secret'))
  expect(seen()).toEqual(['POST /api/v1/namespaces/a/secrets'])
})

test('discovery is asked again for a kind that it did not know', async () => {
  const core: [string, string][] = [['configmaps', 'ConfigMap']]
  const { client, seen } = await withKinds(core)
  await client.create(object('ConfigMap'))
  await expect(client.create(object('Secret'))).rejects.toSatisfy(isNotFound)
  core.push(['secrets', 'Secret'])
  seen()
  await client.create(object('Secret'))
  expect(seen().sort()).toEqual([...discovery, 'POST /api/v1/namespaces/a/secrets'])
})
