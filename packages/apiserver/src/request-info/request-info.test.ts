import { isBadRequest } from '@k1s/apimachinery'
import { describe, expect, test } from 'vitest'
import { requestInfoOf, resourcePathOf } from './request-info.ts'
import { requestTargetOf } from './request-target.ts'

const infoOf = (method: string, url: string) => {
  const { path, query } = requestTargetOf(url, 'default')
  return requestInfoOf(method, path, new URLSearchParams(query))
}

const core = { group: '', version: 'v1' }
const apps = { group: 'apps.example.com', version: 'v1beta1' }

// The cases of requestinfo_test.go of k8s.io/apiserver, in k1s' terms.
describe('a method and a path ask for', () => {
  test.each([
    ['GET', '/api/v1/namespaces', { ...core, verb: 'list', resource: 'namespaces' }],
    ['GET', '/api/v1/namespaces/other', { ...core, verb: 'get', resource: 'namespaces', name: 'other' }],
    ['GET', '/api/v1/namespaces/other/pods', { ...core, verb: 'list', resource: 'pods', namespace: 'other' }],
    [
      'GET',
      '/api/v1/namespaces/other/pods/foo',
      { ...core, verb: 'get', resource: 'pods', namespace: 'other', name: 'foo' },
    ],
    ['GET', '/api/v1/pods', { ...core, verb: 'list', resource: 'pods' }],
    ['GET', '/api/v1/pods?watch=true', { ...core, verb: 'watch', resource: 'pods' }],
    ['GET', '/api/v1/pods?watch', { ...core, verb: 'watch', resource: 'pods' }],
    ['GET', '/api/v1/pods?watch=0', { ...core, verb: 'list', resource: 'pods' }],
    ['GET', '/api/v1/pods?watch=False', { ...core, verb: 'list', resource: 'pods' }],
    [
      'GET',
      '/api/v1/namespaces/other/pods/foo?watch=true',
      { ...core, verb: 'get', resource: 'pods', namespace: 'other', name: 'foo' },
    ],
    [
      'GET',
      '/api/v1/watch/namespaces/other/pods',
      { ...core, verb: 'watch', resource: 'pods', namespace: 'other' },
    ],
    [
      'GET',
      '/api/v1/watch/namespaces/other/pods/foo',
      { ...core, verb: 'watch', resource: 'pods', namespace: 'other', name: 'foo' },
    ],
    [
      'GET',
      '/api/v1/namespaces/other/status',
      { ...core, verb: 'get', resource: 'namespaces', name: 'other', subresource: 'status' },
    ],
    [
      'PUT',
      '/api/v1/namespaces/other/finalize',
      { ...core, verb: 'update', resource: 'namespaces', name: 'other', subresource: 'finalize' },
    ],
    [
      'GET',
      '/api/v1/namespaces/other/pods/foo/status',
      { ...core, verb: 'get', resource: 'pods', namespace: 'other', name: 'foo', subresource: 'status' },
    ],
    [
      'POST',
      '/api/v1/namespaces/other/pods',
      { ...core, verb: 'create', resource: 'pods', namespace: 'other' },
    ],
    [
      'PATCH',
      '/api/v1/namespaces/other/pods/foo',
      { ...core, verb: 'patch', resource: 'pods', namespace: 'other', name: 'foo' },
    ],
    [
      'DELETE',
      '/api/v1/namespaces/other/pods/foo',
      { ...core, verb: 'delete', resource: 'pods', namespace: 'other', name: 'foo' },
    ],
    [
      'DELETE',
      '/api/v1/namespaces/other/pods',
      { ...core, verb: 'deletecollection', resource: 'pods', namespace: 'other' },
    ],
    ['DELETE', '/api/v1/namespaces', { ...core, verb: 'deletecollection', resource: 'namespaces' }],
    [
      'GET',
      '/apis/apps.example.com/v1beta1/namespaces/a/things/b',
      { ...apps, verb: 'get', resource: 'things', namespace: 'a', name: 'b' },
    ],
    ['GET', '/apis/apps.example.com/v1beta1/things/', { ...apps, verb: 'list', resource: 'things' }],
    [
      'GET',
      '/apis/apps.example.com/v1beta1/things/system%3Aa',
      { ...apps, verb: 'get', resource: 'things', name: 'system:a' },
    ],
    [
      'GET',
      '/apis/apps.example.com/v1beta1/things/a%2Fb',
      { ...apps, verb: 'get', resource: 'things', name: 'a/b' },
    ],
  ])('%s %s', (method, url, expected) => {
    expect(infoOf(method, url)).toEqual(expected)
  })

  test.each([
    ['GET', '/'],
    ['GET', '/api'],
    ['GET', '/api/v1'],
    ['GET', '/api/v1/'],
    ['GET', '/apis/apps'],
    ['GET', '/apis/apps/v1'],
    ['GET', '/version'],
    ['GET', '/api/v1//pods'],
    ['GET', '/api/v1/namespaces/a/pods/b/c/d'],
    ['POST', '/api/v1/watch/pods'],
    ['OPTIONS', '/api/v1/pods'],
  ])('nothing of a resource: %s %s', (method, url) => {
    expect(infoOf(method, url)).toBeUndefined()
  })

  test('HEAD asks for what GET does', () => {
    expect(infoOf('HEAD', '/api/v1/pods')).toEqual(infoOf('GET', '/api/v1/pods'))
    expect(infoOf('HEAD', '/api/v1/nodes/a')).toEqual(infoOf('GET', '/api/v1/nodes/a'))
  })

  test('a path says what it is about, whatever the method', () => {
    expect(resourcePathOf('/api/v1/watch/namespaces/a/pods/b')).toEqual({
      ...{ group: '', version: 'v1', resource: 'pods', namespace: 'a', name: 'b' },
    })
    expect(resourcePathOf('/api/v1')).toBeUndefined()
  })

  test('a segment that is not percent-encoded UTF-8 is a bad request', () => {
    expect(() => infoOf('GET', '/api/v1/pods/%ff')).toThrow(
      expect.toSatisfy((error) => isBadRequest(error)) as Error,
    )
  })
})

describe('the target of a request line', () => {
  test.each([
    ['/api/v1/pods?limit=1', { tenant: 'default', path: '/api/v1/pods', query: 'limit=1' }],
    ['/tenants/blue/api/v1/pods?a=b?c', { tenant: 'blue', path: '/api/v1/pods', query: 'a=b?c' }],
    ['/tenants/blue', { tenant: 'blue', path: '/', query: '' }],
    ['/tenants/', { tenant: '', path: '/', query: '' }],
    ['/tenants/a/tenants/b/api', { tenant: 'a', path: '/tenants/b/api', query: '' }],
    ['http://host:1/api?x', { tenant: 'default', path: '/api', query: 'x' }],
    ['http://host', { tenant: 'default', path: '/', query: '' }],
    ['*', { tenant: 'default', path: '/*', query: '' }],
  ])('%s', (url, expected) => {
    expect(requestTargetOf(url, 'default')).toEqual(expected)
  })
})
