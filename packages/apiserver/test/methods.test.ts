import { describe, expect, test } from 'vitest'
import { definitionOf } from './definitions.ts'
import { testServer } from './http-server.ts'

const { send } = testServer()
const configMaps = '/api/v1/namespaces/default/configmaps'

describe('a method that a resource has not', () => {
  const trees = '/apis/garden.example.com/v1/namespaces/default/trees'
  const answer = async (method: string, path: string) => {
    const response = await send(method, path)
    const text = await response.text()
    const status = text === '' ? {} : (JSON.parse(text) as { reason?: string; message?: string })
    return [response.status, status.reason, status.message]
  }
  const generic = [
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
  ] as const
  const notFound = [404, 'NotFound', 'the server could not find the requested resource'] as const

  test.each([
    ['OPTIONS', configMaps],
    ['OPTIONS', `${configMaps}/a`],
    ['OPTIONS', '/api/v1/configmaps'],
    ['PROPFIND', '/api/v1/namespaces/default/status'],
    ['POST', '/api/v1/watch/configmaps'],
  ])('of a built-in kind is not allowed: %s %s', async (method, path) => {
    expect(await answer(method, path)).toEqual(generic)
  })

  test.each([
    ['OPTIONS', '/api/v1/pods'],
    ['OPTIONS', '/api/v2/configmaps'],
    ['OPTIONS', '/api/v1/configmaps/a'],
    ['OPTIONS', '/api/v1/namespaces/default/namespaces'],
    ['OPTIONS', `${configMaps}/a/scale`],
  ])('is not found where nothing is: %s %s', async (method, path) => {
    expect(await answer(method, path)).toEqual(notFound)
  })

  test('HEAD of a built-in kind is not allowed, of a custom resource it is GET without a body', async () => {
    await send(
      'POST',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      definitionOf('trees', 'Tree'),
    )
    await send('POST', configMaps, { metadata: { name: 'head' } })
    for (const path of [configMaps, `${configMaps}/head`, '/api/v1/namespaces']) {
      expect(await answer('HEAD', path)).toEqual([405, undefined, undefined])
    }
    const response = await send('HEAD', trees)
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect(response.headers.get('content-length')).toBe(
      String((await (await send('GET', trees)).text()).length),
    )
    expect((await send('HEAD', `${trees}/oak`)).status).toBe(404)
    expect(await answer('OPTIONS', trees)).toEqual([
      405,
      'MethodNotAllowed',
      ' is not supported on resources of kind "trees.garden.example.com"',
    ])
    expect(await answer('OPTIONS', '/apis/garden.example.com/v1/trees')).toEqual(notFound)
  })
})
