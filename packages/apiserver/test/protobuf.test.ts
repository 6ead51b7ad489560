import type { JsonObject } from '@k1s/apimachinery'
import { describe, expect, test } from 'vitest'
import {
  decodeKubernetesProtobuf,
  encodeKubernetesProtobuf,
  type TypedObject,
} from '../src/protobuf/kubernetes-protobuf.ts'
import { protobufKindOf } from '../src/protobuf/protobuf-resources.ts'
import { definitionOf } from './definitions.ts'
import { testServer } from './http-server.ts'

const protobuf = 'application/vnd.kubernetes.protobuf'
/** What typed clients of client-go accept. */
const accept = `${protobuf},application/json`

const server = testServer()

function sendProtobuf(method: string, path: string, object: TypedObject): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    method,
    headers: { authorization: 'Bearer secret', 'content-type': protobuf, accept },
    body: encodeKubernetesProtobuf(object),
  })
}

async function objectOf(response: Response): Promise<JsonObject> {
  expect(response.headers.get('content-type')).toBe(protobuf)
  return decodeKubernetesProtobuf(new Uint8Array(await response.arrayBuffer()))
}

const configMap = (name: string, more: object = {}) => ({
  kind: 'ConfigMap',
  apiVersion: 'v1',
  metadata: { name },
  ...more,
})

describe('built-in kinds in protobuf', () => {
  const path = '/api/v1/namespaces/default/configmaps'

  test('are created, read, replaced and deleted', async () => {
    const created = await sendProtobuf(
      'POST',
      path,
      configMap('a', { data: { k: 'v' }, binaryData: { b: '/w==' } }),
    )
    expect(created.status).toBe(201)
    const object = await objectOf(created)
    expect(object).toMatchObject({ data: { k: 'v' }, binaryData: { b: '/w==' } })

    const read = await server.send('GET', `${path}/a`)
    expect(await read.json()).toEqual(object)

    const changed = { ...object, data: { k: 'w' } } as unknown as TypedObject
    const updated = await objectOf(await sendProtobuf('PUT', `${path}/a`, changed))
    expect(updated.data).toEqual({ k: 'w' })

    const options = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: 'another' } }
    expect((await sendProtobuf('DELETE', `${path}/a`, options)).status).toBe(409)
    const right = { ...options, preconditions: { uid: (object.metadata as JsonObject).uid } }
    const deleted = await objectOf(await sendProtobuf('DELETE', `${path}/a`, right))
    expect(deleted).toMatchObject({ kind: 'Status', status: 'Success' })
  })

  test('are listed and watched', async () => {
    await sendProtobuf('POST', path, configMap('listed'))
    const list = await objectOf(await server.send('GET', path, undefined, { accept }))
    expect(list).toMatchObject({ kind: 'ConfigMapList', items: [{ metadata: { name: 'listed' } }] })

    const { resourceVersion } = list.metadata as { resourceVersion: string }
    await server.send(
      'PATCH',
      `${path}/listed`,
      { data: { k: 'v' } },
      { 'content-type': 'application/merge-patch+json' },
    )
    const query = `watch=1&resourceVersion=${resourceVersion}&timeoutSeconds=1`
    const watch = await server.send('GET', `${path}?${query}`, undefined, { accept })
    expect(watch.headers.get('content-type')).toBe(`${protobuf};stream=watch`)
    const frame = Buffer.from(await watch.arrayBuffer())
    expect(frame.readUInt32BE(0)).toBe(frame.length - 4)
    expect(frame.subarray(4, 14).toString('latin1')).toBe('\x0a\x08MODIFIED')
    const event = decodeKubernetesProtobuf(frame.subarray(frame.indexOf('k8s\0')))
    expect(event).toMatchObject({ metadata: { name: 'listed' }, data: { k: 'v' } })
  })

  test('in a body that is none are a BadRequest', async () => {
    const response = await server.send('POST', path, '{}', { 'content-type': protobuf })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      reason: 'BadRequest',
      message:
        'the object provided is unrecognized (must be of type ConfigMap): provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] (7b7d)',
    })
  })

  test('of another resource are refused as in JSON', async () => {
    const response = await sendProtobuf('POST', path, { ...configMap('s'), kind: 'Secret' })
    expect(response.status).toBe(400)
    expect(((await response.json()) as JsonObject).message).toBe(
      'Secret in version "v1" cannot be handled as a ConfigMap: the kind in the data does not match the kind of the resource',
    )
  })

  test('are all those that are served', async () => {
    const resources = await server.runtime.transport.discover('default')
    for (const { group, versions, name, kind } of resources) {
      const [version = ''] = versions
      const apiVersion = group === '' ? version : `${group}/${version}`
      expect(protobufKindOf({ group, version, resource: name })).toEqual({ apiVersion, kind })
    }
  })
})

describe('custom resources', () => {
  test('are answered in JSON, their metadata in protobuf, and are not taken in protobuf', async () => {
    await server.runtime.client.create(definitionOf('plants', 'Plant'))
    const path = '/apis/garden.example.com/v1/namespaces/default/plants'
    const list = await server.send('GET', path, undefined, { accept })
    expect(list.headers.get('content-type')).toBe('application/json')

    const metadata = `${protobuf};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1`
    const partial = await objectOf(await server.send('GET', path, undefined, { accept: metadata }))
    expect(partial).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' })

    const refused = await sendProtobuf('POST', path, configMap('x'))
    expect(refused.status).toBe(415)
    expect(((await refused.json()) as JsonObject).message).toBe(
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
    )
    expect((await sendProtobuf('POST', path.replace('plants', 'nothings'), configMap('x'))).status).toBe(404)
  })
})

describe('/openapi/v2 in protobuf', () => {
  const subtype = 'com.github.proto-openapi.spec.v2'

  test.each([`${subtype}@v1.0+protobuf`, `${subtype}.v1.0+protobuf`])('is answered to %s', async (wanted) => {
    const headers = { accept: `application/${wanted}` }
    const response = await server.send('GET', '/openapi/v2', undefined, headers)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(`application/${subtype}.v1.0+protobuf`)
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(bytes.subarray(0, 5).toString('latin1')).toBe('\x0a\x032.0')
    expect(bytes.includes('io.k8s.api.core.v1.ConfigMap')).toBe(true)

    const json = await server.send('GET', '/openapi/v2')
    const etag = response.headers.get('etag')!
    expect(json.headers.get('etag')).toBe(etag)
    const again = await server.send('GET', '/openapi/v2', undefined, { ...headers, 'if-none-match': etag })
    expect(again.status).toBe(304)
  })
})
