import { describe, expect, test } from 'vitest'
import { testServer } from './http-server.ts'

const server = testServer()
const { send } = server
const configMaps = '/api/v1/namespaces/default/configmaps'

async function json(response: Promise<Response>) {
  return (await (await response).json()) as { [name: string]: never }
}

async function statusOf(response: Promise<Response>) {
  const answer = await response
  const { kind, code, reason, message } = (await answer.json()) as { [name: string]: unknown }
  expect(kind).toBe('Status')
  expect(code).toBe(answer.status)
  return { code, reason, message }
}

describe('an object', () => {
  test('is created with 201, read, replaced and deleted', async () => {
    const created = await send('POST', configMaps, { metadata: { name: 'life' }, data: { a: '1' } })
    expect(created.status).toBe(201)
    expect(created.headers.get('content-type')).toBe('application/json')
    expect(created.headers.get('cache-control')).toBe('no-cache, private')
    expect(created.headers.get('audit-id')).toMatch(/^[0-9a-f-]{36}$/)
    const object = (await created.json()) as { data: { a: string } }
    const replaced = await json(send('PUT', `${configMaps}/life`, { ...object, data: { a: '2' } }))
    expect(replaced).toMatchObject({ kind: 'ConfigMap', data: { a: '2' } })
    expect(await json(send('GET', `${configMaps}/life`))).toEqual(replaced)
    expect(await json(send('DELETE', `${configMaps}/life`))).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'life' },
    })
    expect(await statusOf(send('GET', `${configMaps}/life`))).toEqual({
      code: 404,
      reason: 'NotFound',
      message: 'configmaps "life" not found',
    })
  })

  test('is read and written as YAML', async () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  key: "yes"\n'
    const created = await send('POST', configMaps, text, { 'content-type': 'application/yaml' })
    expect(created.status).toBe(201)
    const read = await send('GET', `${configMaps}/yaml`, undefined, { accept: 'application/yaml' })
    expect(read.headers.get('content-type')).toBe('application/yaml')
    expect(await read.text()).toContain('data:\n  key: "yes"\n')
  })

  test('is indented for people', async () => {
    const text = await (await send('GET', '/api/v1/namespaces/default?pretty=true')).text()
    expect(text).toMatch(/^\{\n {2}"/)
  })

  test('in another tenant is another one', async () => {
    await send('POST', `/tenants/blue${configMaps}`, { metadata: { name: 'mine' } })
    expect((await send('GET', `/tenants/blue${configMaps}/mine`)).status).toBe(200)
    expect((await send('GET', `${configMaps}/mine`)).status).toBe(404)
    expect(await statusOf(send('GET', `/tenants/Blue${configMaps}`))).toMatchObject({
      code: 400,
      message: expect.stringContaining('invalid tenant "Blue"'),
    })
  })
})

describe('a patch', () => {
  const name = 'patched'
  const path = `${configMaps}/${name}`
  const patch = (type: string, body: unknown, query = '') =>
    json(send('PATCH', `${path}${query}`, body, { 'content-type': type }))

  test('of each type is applied', async () => {
    await send('POST', configMaps, { metadata: { name }, data: { a: '1' } })
    expect(await patch('application/merge-patch+json', { data: { b: '2' } })).toMatchObject({
      data: { a: '1', b: '2' },
    })
    const operations = [{ op: 'replace', path: '/data/a', value: '3' }]
    expect(await patch('application/json-patch+json; charset=utf-8', operations)).toMatchObject({
      data: { a: '3', b: '2' },
    })
    expect(await patch('application/strategic-merge-patch+json', { data: { b: null } })).toMatchObject({
      data: { a: '3' },
    })
    const applied = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {c: "4"}\n`
    expect(await patch('application/apply-patch+yaml', applied, '?fieldManager=me')).toMatchObject({
      data: { a: '3', c: '4' },
    })
  })

  test('of an unknown type, or that is none, is refused', async () => {
    expect(await statusOf(send('PATCH', path, {}, { 'content-type': 'application/json' }))).toMatchObject({
      code: 415,
      reason: 'UnsupportedMediaType',
    })
    const broken = send('PATCH', path, '{', { 'content-type': 'application/merge-patch+json' })
    expect(await statusOf(broken)).toMatchObject({
      code: 400,
      message: 'invalid JSON patch: unexpected end of JSON input',
    })
  })
})

describe('a body', () => {
  test('with unknown and duplicate fields is warned of, refused or taken as asked', async () => {
    const body = '{"metadata":{"name":"twice"},"data":{"é":"1","a":"1","a":"2"},"spec":1}'
    const warned = await send('POST', `${configMaps}?dryRun=All`, body.replace('"é":"1",', ''))
    expect(warned.status).toBe(201)
    expect(warned.headers.get('warning')).toBe(
      '299 - "duplicate field \\"data.a\\"", 299 - "unknown field \\"spec\\""',
    )
    const ignored = await send(
      'POST',
      `${configMaps}?dryRun=All&fieldValidation=Ignore`,
      body.replace('"é":"1",', ''),
    )
    expect(ignored.headers.get('warning')).toBeNull()
    expect(
      await statusOf(
        send('POST', `${configMaps}?dryRun=All&fieldValidation=Strict`, body.replace('"é":"1",', '')),
      ),
    ).toMatchObject({
      code: 400,
      message:
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data.a", unknown field "spec"',
    })
  })

  test.each([
    ['', '<empty>', 'unexpected end of JSON input'],
    ['{"a', '{"a', 'unexpected end of JSON input'],
    ['nope', '6e6f7065', "invalid character 'o' in literal null (expecting 'u')"],
  ])('that is no JSON is refused with its beginning: %j', async (body, summary, problem) => {
    expect(await statusOf(send('POST', configMaps, body))).toEqual({
      code: 400,
      reason: 'BadRequest',
      message: `the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: ${problem} (${summary})`,
    })
  })

  test('of an unknown type is refused', async () => {
    const response = send('POST', configMaps, 'x', { 'content-type': 'text/plain' })
    expect(await statusOf(response)).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' })
  })

  test('over the limit is refused, and the connection goes on', async () => {
    expect(await statusOf(send('POST', configMaps, 'x'.repeat(4 << 20)))).toEqual({
      code: 413,
      reason: 'RequestEntityTooLarge',
      message: 'Request entity too large: limit is 3145728',
    })
    expect((await send('GET', configMaps)).status).toBe(200)
  })
})

describe('a collection', () => {
  const inNamespace = '/api/v1/namespaces/pages/configmaps'

  test('is listed in pages, as tables and as metadata, and deleted by selector', async () => {
    await send('POST', '/api/v1/namespaces', { metadata: { name: 'pages' } })
    for (const name of ['a', 'b', 'c']) {
      await send('POST', inNamespace, { metadata: { name, labels: { name } }, data: { name } })
    }
    const first = await json(send('GET', `${inNamespace}?limit=2`))
    expect(first).toMatchObject({ kind: 'ConfigMapList', metadata: { remainingItemCount: 1 } })
    const { continue: token } = (first as unknown as { metadata: { continue: string } }).metadata
    const next = await json(send('GET', `${inNamespace}?limit=2&continue=${encodeURIComponent(token)}`))
    expect(
      (next.items as unknown as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name),
    ).toEqual(['c'])
    const table = { accept: 'application/json;as=Table;v=v1beta1;g=meta.k8s.io' }
    expect(await json(send('GET', `${inNamespace}?includeObject=None`, undefined, table))).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1beta1',
      rows: [{ cells: ['a', 1, expect.anything()] }, {}, {}],
    })
    const partial = { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' }
    expect(await json(send('GET', inNamespace, undefined, partial))).toMatchObject({
      kind: 'PartialObjectMetadataList',
    })
    await send('DELETE', `${inNamespace}?labelSelector=name%20in%20(a,b)`)
    const left = await json(send('GET', inNamespace))
    expect((left.items as unknown as unknown[]).length).toBe(1)
  })

  test('that is large comes compressed to who can read that', async () => {
    for (let index = 0; index < 4; index++) {
      await send('POST', inNamespace, {
        metadata: { name: `large-${index}` },
        data: { a: 'x'.repeat(50_000) },
      })
    }
    const compressed = await send('GET', inNamespace, undefined, { 'accept-encoding': 'br, gzip;q=0.5' })
    expect(compressed.headers.get('content-encoding')).toBe('gzip')
    expect(compressed.headers.get('vary')).toBe('Accept-Encoding')
    expect((await compressed.text()).length).toBeGreaterThan(200_000)
    const refused = await send('GET', inNamespace, undefined, { 'accept-encoding': 'gzip;q=0' })
    expect(refused.headers.get('content-encoding')).toBeNull()
  })
})

describe('a deletion', () => {
  test('takes its options from the body', async () => {
    await send('POST', configMaps, { metadata: { name: 'kept', finalizers: ['k1s.dev/test'] } })
    const options = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: 'other' } }
    expect(await statusOf(send('DELETE', `${configMaps}/kept`, options))).toMatchObject({
      code: 409,
      reason: 'Conflict',
    })
    expect(
      await json(send('DELETE', `${configMaps}/kept`, { orphanDependents: false, dryRun: ['All'] })),
    ).toMatchObject({
      metadata: { name: 'kept' },
    })
    expect(await statusOf(send('DELETE', `${configMaps}/kept`, { gracePeriodSeconds: '1' }))).toMatchObject({
      message:
        'json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64',
    })
    expect(await statusOf(send('DELETE', `${configMaps}/kept`, { kind: 'Pod' }))).toMatchObject({
      message: 'decoded object cannot be converted to DeleteOptions',
    })
  })
})

describe('who or what is not known gets a Status', () => {
  test('without credentials', async () => {
    const response = fetch(`${server.url}${configMaps}`)
    expect(await statusOf(response)).toEqual({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' })
  })

  test.each([
    ['GET', '/api/v1/pods', 404, 'NotFound'],
    ['GET', '/nothing', 404, 'NotFound'],
    ['POST', `${configMaps}/a`, 405, 'MethodNotAllowed'],
    ['PUT', configMaps, 405, 'MethodNotAllowed'],
    ['GET', `${configMaps}?limit=x`, 400, 'BadRequest'],
    ['GET', `${configMaps}?labelSelector=%3D%3D`, 400, 'BadRequest'],
    ['GET', `${configMaps}/a%2Fb`, 400, 'BadRequest'],
    ['GET', `${configMaps}/%ff`, 400, 'BadRequest'],
  ])('%s %s', async (method, path, code, reason) => {
    expect(await statusOf(send(method, path))).toMatchObject({ code, reason })
  })

  test.each([
    ['application/json', '/apis/authentication.k8s.io/v1/selfsubjectreviews'],
    ['application/vnd.kubernetes.protobuf', '/apis/authentication.k8s.io/v1/selfsubjectreviews'],
    ['text/plain', '/api/v1/namespaces/default/pods'],
    ['application/json', '/api/v1/namespaces/default/serviceaccounts/default/token'],
    ['application/vnd.kubernetes.protobuf', '/api/v1/namespaces/default/serviceaccounts/default/token'],
    ['application/json', '/api/v2/namespaces'],
  ])('before its body is: %s for %s', async (contentType, path) => {
    const answer = send('POST', path, 'k8s\0no object', { 'content-type': contentType })
    expect(await statusOf(answer)).toEqual({
      code: 404,
      reason: 'NotFound',
      message: 'the server could not find the requested resource',
    })
  })

  test('when nothing it accepts can be had', async () => {
    expect(await statusOf(send('GET', configMaps, undefined, { accept: 'text/html' }))).toMatchObject({
      code: 406,
      reason: 'NotAcceptable',
    })
  })
})

test('none of this was an error of the server', () => {
  expect(server.errors).toEqual([])
})
