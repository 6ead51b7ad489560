import { createAPIServer } from '@k1s/apiserver'
import { beforeAll, describe, expect, test } from 'vitest'
import { definitionOf } from './definitions.ts'
import { testServer } from './http-server.ts'

const server = testServer()
beforeAll(() => server.runtime.client.create(definitionOf('trees', 'Tree')))

const get = (path: string, headers: { [name: string]: string } = {}) =>
  fetch(`${server.url}${path}`, {
    headers: { authorization: 'Bearer secret', ...headers },
    redirect: 'manual',
  })

async function urlOf(groupVersion: string, prefix = ''): Promise<string> {
  const index = (await (await get(`${prefix}/openapi/v3`)).json()) as {
    paths: { [groupVersion: string]: { serverRelativeURL: string } }
  }
  return index.paths[groupVersion]!.serverRelativeURL
}

describe('/openapi/v3', () => {
  test('names the document of each group version with its hash', async () => {
    const url = await urlOf('apis/garden.example.com/v1')
    expect(url).toMatch(/^\/openapi\/v3\/apis\/garden\.example\.com\/v1\?hash=[0-9A-F]{128}$/)
    const response = await get(url)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('etag')).toBe(`"${url.split('hash=')[1]}"`)
    const document = (await response.json()) as { components: { schemas: object } }
    expect(document.components.schemas).toHaveProperty(['com.example.garden.v1.Tree'])
  })

  test('what is asked for by its hash may be kept for ever', async () => {
    const response = await get(await urlOf('api/v1'))
    expect(response.headers.get('cache-control')).toBe('public, immutable')
    const days = (Date.parse(response.headers.get('expires')!) - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(365)
    const plain = await get('/openapi/v3/api/v1')
    expect(plain.headers.get('cache-control')).toBe('no-cache, private')
    expect(plain.headers.has('expires')).toBe(false)
  })

  test('an old hash leads to the current one', async () => {
    const response = await get('/openapi/v3/api/v1?hash=OLD')
    expect(response.status).toBe(301)
    expect(response.headers.get('location')).toBe(await urlOf('api/v1'))
  })

  test('an old hash of a tenant leads to the document of the tenant', async () => {
    const response = await get('/tenants/other/openapi/v3/api/v1?hash=OLD')
    expect(response.headers.get('location')).toBe(`/tenants/other${await urlOf('api/v1', '/tenants/other')}`)
    expect((await get(response.headers.get('location')!)).status).toBe(200)
  })

  test('a document is not sent again to who has it', async () => {
    const etag = (await get('/openapi/v3/api/v1')).headers.get('etag')!
    expect((await get('/openapi/v3/api/v1', { 'if-none-match': etag })).status).toBe(304)
    expect((await get('/openapi/v3/api/v1', { 'if-none-match': '*' })).status).toBe(304)
    expect((await get('/openapi/v3/api/v1', { 'if-none-match': '"other"' })).status).toBe(200)
  })

  test('only the document of the group that changed has another hash', async () => {
    const before = { core: await urlOf('api/v1'), garden: await urlOf('apis/garden.example.com/v1') }
    const definition = await server.runtime.client.create(definitionOf('bushes', 'Bush'))
    expect(await urlOf('api/v1')).toBe(before.core)
    expect(await urlOf('apis/garden.example.com/v1')).not.toBe(before.garden)
    await server.runtime.client.delete(definition)
    expect(await urlOf('apis/garden.example.com/v1')).toBe(before.garden)
  })

  test.each([
    ['/openapi/v3/apis/nobody.example.com/v1', '*/*', 404],
    ['/openapi/v3/api/v1', 'text/html', 406],
    ['/openapi/v3/api/v1', 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf', 406],
    ['/openapi/v2', 'text/html', 406],
  ])('%s as %s is answered with %i and nothing else', async (path, accept, code) => {
    const response = await get(path, { accept })
    expect([response.status, await response.text()]).toEqual([code, ''])
    expect(response.headers.get('vary')).toBe('Accept')
  })

  test('what cannot be had leaves the choice to the next clause', async () => {
    const accept = 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf, application/json;q=0.5'
    const response = await get('/openapi/v3/api/v1', { accept })
    expect(response.headers.get('content-type')).toBe('application/json')
  })
})

describe('/openapi/v2', () => {
  test.each([undefined, '*/*', 'application/*', 'application/json'])('is JSON for %s', async (accept) => {
    const response = await get('/openapi/v2', accept === undefined ? {} : { accept })
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('etag')).toMatch(/^"[0-9A-F]{128}"$/)
    const document = (await response.json()) as { swagger: string; definitions: object }
    expect(document.swagger).toBe('2.0')
    expect(document.definitions).toHaveProperty(['com.example.garden.v1.Tree'])
  })

  test('is compressed for who can take that', async () => {
    const response = await get('/openapi/v2', { 'accept-encoding': 'gzip' })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(response.headers.get('vary')).toBe('Accept, Accept-Encoding')
    expect(await response.json()).toHaveProperty('swagger', '2.0')
    const plain = await get('/openapi/v2', { 'accept-encoding': 'identity' })
    expect(plain.headers.has('content-encoding')).toBe(false)
    expect(plain.headers.get('etag')).toBe(response.headers.get('etag'))
  })

  test('a failure is not kept', async () => {
    const { transport } = server.runtime
    let failures = 1
    await using other = await createAPIServer({
      transport: {
        request: (request) => transport.request(request),
        watch: (request) => transport.watch(request),
        discover: (tenant) => transport.discover(tenant),
        discoveryVersion: async () => '1',
        describe: (tenant, path) => {
          if (failures-- > 0) return Promise.reject(new Error('not now'))
          return transport.describe!(tenant, path)
        },
      },
      port: 0,
      insecureHttp: true,
      authenticate: () => ({ name: 'admin' }),
    })
    expect((await fetch(`${other.url}/openapi/v2`)).status).toBe(500)
    expect((await fetch(`${other.url}/openapi/v2`)).status).toBe(200)
  })
})
