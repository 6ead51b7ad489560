import { beforeAll, describe, expect, test } from 'vitest'
import { definitionOf } from './definitions.ts'
import { testServer } from './http-server.ts'

const server = testServer()
beforeAll(() => server.runtime.client.create(definitionOf('trees', 'Tree')))

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

const get = (path: string, accept = 'application/json', headers: { [name: string]: string } = {}) =>
  server.send('GET', path, undefined, { accept, ...headers })

async function kindOf(response: Response): Promise<string> {
  return ((await response.json()) as { kind: string }).kind
}

describe('discovery', () => {
  test.each([
    ['/api', 'APIVersions'],
    ['/apis', 'APIGroupList'],
    ['/apis/', 'APIGroupList'],
    ['/api/v1', 'APIResourceList'],
    ['/apis/garden.example.com', 'APIGroup'],
    ['/apis/garden.example.com/v1', 'APIResourceList'],
    ['/apis/garden.example.com/v1/', 'APIResourceList'],
  ])('%s is an %s', async (path, kind) => {
    const response = await get(path)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await kindOf(response)).toBe(kind)
  })

  test('names the address that the client reached', async () => {
    expect(await (await get('/api')).json()).toEqual({
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: new URL(server.url).host }],
    })
  })

  test.each(['/apis/nobody.example.com', '/apis/garden.example.com/v9', '/api/v9'])(
    'there is nothing under %s',
    async (path) => {
      const response = await get(path)
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({
        reason: 'NotFound',
        message: 'the server could not find the requested resource',
      })
    },
  )

  test('is only read', async () => {
    const response = await server.send('POST', '/apis', {})
    expect(response.status).toBe(405)
    expect(await response.json()).toMatchObject({
      reason: 'MethodNotAllowed',
      message: 'the server does not allow this method on the requested resource',
    })
  })

  test('is written as YAML for who prefers that', async () => {
    const response = await get('/apis', 'application/yaml')
    expect(response.headers.get('content-type')).toBe('application/yaml')
    expect(await response.text()).toMatch(/^apiVersion: v1\ngroups:\n- name: events\.k8s\.io\n/)
  })

  test('is indented for people', async () => {
    expect(await (await get('/api', '*/*', { 'user-agent': 'curl/8.5.0' })).text()).toMatch(
      /^{\n {2}"kind": "APIVersions",\n/,
    )
    expect(await (await get('/api')).text()).toMatch(/^{"kind":"APIVersions",.*}\n$/)
  })

  test('is not to be had in other types', async () => {
    const response = await get('/apis', 'text/html')
    expect(response.status).toBe(406)
    expect(await response.json()).toMatchObject({
      reason: 'NotAcceptable',
      message: 'only the following media types are accepted: application/json, application/yaml',
    })
  })

  test('shows a definition the moment it is stored, and no more once it is deleted', async () => {
    const names = async () => {
      const list = (await (await get('/apis/garden.example.com/v1')).json()) as {
        resources: { name: string }[]
      }
      return list.resources.map(({ name }) => name)
    }
    expect(await names()).toEqual(['trees'])
    const definition = await server.runtime.client.create(definitionOf('bushes', 'Bush'))
    expect(await names()).toEqual(['bushes', 'trees'])
    await server.runtime.client.delete(definition)
    expect(await names()).toEqual(['trees'])
  })
})

describe('aggregated discovery', () => {
  test.each([
    ['for who asks for nothing else', aggregated],
    ['with the profile of one server', `${aggregated};profile=nopeer,application/json`],
    ['before what it is preferred to', `${aggregated},application/json`],
    ['behind what every server has', `application/json,${aggregated}`],
    ['in any type', `*/*;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList`],
  ])('is answered %s', async (_, accept) => {
    for (const path of ['/api', '/apis']) {
      const response = await get(path, accept)
      expect(response.headers.get('content-type')).toBe(aggregated)
      expect(await response.json()).toMatchObject({
        kind: 'APIGroupDiscoveryList',
        apiVersion: 'apidiscovery.k8s.io/v2',
      })
    }
  })

  test.each([
    ['a version that is gone', 'v=v2beta1'],
    ['a version that is to come', 'v=v3'],
  ])('%s is passed over', async (_, version) => {
    const clause = `application/json;g=apidiscovery.k8s.io;${version};as=APIGroupDiscoveryList`
    expect(await kindOf(await get('/apis', `${clause},application/json`))).toBe('APIGroupList')
    expect((await get('/apis', clause)).status).toBe(406)
  })

  test('is not what a single group has', async () => {
    expect((await get('/apis/garden.example.com', aggregated)).status).toBe(406)
    expect(await kindOf(await get('/apis/garden.example.com', `${aggregated},application/json`))).toBe(
      'APIGroup',
    )
  })

  test('is not sent again to who has it', async () => {
    const response = await get('/apis', aggregated)
    const etag = response.headers.get('etag')!
    expect(etag).toMatch(/^"[0-9A-F]{128}"$/)
    expect(response.headers.get('vary')).toBe('Accept')
    expect(response.headers.get('cache-control')).toBe('public')
    const again = await get('/apis', aggregated, { 'if-none-match': etag })
    expect([again.status, await again.text()]).toEqual([304, ''])
    const definition = await server.runtime.client.create(definitionOf('bushes', 'Bush'))
    const changed = await get('/apis', aggregated, { 'if-none-match': etag })
    expect(changed.status).toBe(200)
    await server.runtime.client.delete(definition)
    expect((await get('/apis', aggregated, { 'if-none-match': `"x", W/${etag}` })).status).toBe(304)
  })

  test('of a tenant is what the tenant has', async () => {
    const groups = async (path: string) => {
      const list = (await (await get(path, aggregated)).json()) as { items: { metadata: { name: string } }[] }
      return list.items.map(({ metadata }) => metadata.name)
    }
    expect(await groups('/apis')).toContain('garden.example.com')
    expect(await groups('/tenants/other/apis')).not.toContain('garden.example.com')
  })
})
