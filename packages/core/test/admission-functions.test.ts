import { runInNewContext } from 'node:vm'
import type { Unstructured } from '@k1s/apimachinery'
import {
  type AdmissionRequest,
  type AdmissionRule,
  createRuntime,
  defineKind,
  jsonPatch,
  mergePatch,
  type Runtime,
} from '@k1s/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { apiRequest, failure } from './each-store.ts'
import { type ConfigMap, ConfigMaps, configMap, item, itemDefinition, namespace } from './kinds.ts'

const everyWrite: AdmissionRule[] = [
  { apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['*'] },
]

let runtime: Runtime

beforeEach(async () => {
  runtime = await createRuntime({ storage: { type: 'memory' } })
})

afterEach(() => runtime.close())

const key = { name: 'a', namespace: 'default' }

describe('a validating function', () => {
  test('receives the request of an admission webhook', async () => {
    const requests: AdmissionRequest[] = []
    runtime.admission.validating({
      name: 'record.example.com',
      rules: everyWrite,
      handler: (request) => {
        requests.push(request)
        return { allowed: true }
      },
    })
    const client = await runtime.clientFor({
      user: { name: 'jane', uid: '7', groups: ['dev'], extra: { team: ['a'] } },
    })
    await client.create(configMap('a', { data: { x: '1' } }), { fieldManager: 'test' })
    await client.patch(configMap('a'), mergePatch({ data: { x: '2' } }), { dryRun: true })
    await client.delete(configMap('a'))

    const [create, update, remove] = requests
    expect(create).toEqual({
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      kind: { group: '', version: 'v1', kind: 'ConfigMap' },
      resource: { group: '', version: 'v1', resource: 'configmaps' },
      requestKind: { group: '', version: 'v1', kind: 'ConfigMap' },
      requestResource: { group: '', version: 'v1', resource: 'configmaps' },
      name: 'a',
      namespace: 'default',
      operation: 'CREATE',
      userInfo: {
        username: 'jane',
        uid: '7',
        groups: ['dev', 'system:authenticated'],
        extra: { team: ['a'] },
      },
      object: expect.objectContaining({ data: { x: '1' } }),
      dryRun: false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1', fieldManager: 'test' },
    })
    expect(update).toMatchObject({
      operation: 'UPDATE',
      object: { data: { x: '2' } },
      oldObject: { data: { x: '1' } },
      dryRun: true,
      options: { kind: 'UpdateOptions', dryRun: ['All'] },
    })
    expect(remove).toMatchObject({
      operation: 'DELETE',
      oldObject: { data: { x: '1' } },
      options: { kind: 'DeleteOptions' },
    })
    expect(remove).not.toHaveProperty('object')
  })

  test.each([
    [
      { message: 'no', reason: 'Forbidden', code: 403 } as const,
      {
        message: 'admission webhook "deny.example.com" denied the request: no',
        reason: 'Forbidden',
        code: 403,
      },
    ],
    [
      { reason: 'Invalid', code: 422 } as const,
      {
        message: 'admission webhook "deny.example.com" denied the request: Invalid',
        reason: 'Invalid',
        code: 422,
      },
    ],
    [
      { message: 'never a success', code: 200 },
      { message: 'admission webhook "deny.example.com" denied the request: never a success', code: 400 },
    ],
    [
      undefined,
      { message: 'admission webhook "deny.example.com" denied the request without explanation', code: 400 },
    ],
  ])('that denies with %j refuses the request as a webhook does', async (status, expected) => {
    runtime.admission.validating({
      name: 'deny.example.com',
      rules: everyWrite,
      handler: () => ({ allowed: false, ...(status !== undefined && { status }) }),
    })
    expect(await failure(runtime.client.create(configMap('a')))).toMatchObject(expected)
    expect((await runtime.client.list(ConfigMaps)).items).toEqual([])
  })

  test('denies updates and deletions with the state that is there', async () => {
    await runtime.client.create(configMap('a', { data: { keep: 'yes' } }))
    runtime.admission.validating<ConfigMap>({
      name: 'keep.example.com',
      rules: everyWrite,
      handler: ({ operation, object, oldObject }) => ({
        allowed: oldObject?.data?.keep !== 'yes' || object?.data?.keep === 'yes',
        status: { message: `${operation} loses what is to be kept`, code: 409, reason: 'Conflict' },
      }),
    })
    expect((await failure(runtime.client.delete(configMap('a')))).message).toContain('DELETE loses')
    const patch = runtime.client.patch(configMap('a'), mergePatch({ data: { keep: 'no' } }))
    expect((await failure(patch)).message).toContain('UPDATE loses')
    const deletion = runtime.client.deleteCollection(ConfigMaps, { namespace: 'default' })
    expect((await failure(deletion)).code).toBe(409)
    await runtime.client.patch(configMap('a'), mergePatch({ data: { other: 'fine' } }))
    expect(await runtime.client.get(ConfigMaps, key)).toMatchObject({
      data: { keep: 'yes', other: 'fine' },
    })
  })

  test('sends warnings and audit annotations with its name', async () => {
    runtime.admission.validating({
      name: 'warn.example.com',
      rules: everyWrite,
      handler: () => ({ allowed: true, warnings: ['careful'], auditAnnotations: { seen: 'yes' } }),
    })
    const annotations: [string, string][] = []
    const warnings: string[] = []
    const onAuditAnnotation = (name: string, value: string) => annotations.push([name, value])
    const onWarning = (text: string) => warnings.push(text)
    await runtime.client.create(configMap('a'), { onWarning, onAuditAnnotation })
    expect(warnings).toEqual(['careful'])
    expect(annotations).toEqual([['warn.example.com/seen', 'yes']])
    await runtime.client.patch(configMap('a'), mergePatch({ data: { x: '1' } }), { onAuditAnnotation })
    await runtime.client.delete(ConfigMaps, key, { onAuditAnnotation })
    expect(annotations).toHaveLength(3)
    const request = apiRequest({
      verb: 'create',
      resource: 'configmaps',
      namespace: 'default',
      body: configMap('b'),
      annotate: onAuditAnnotation,
    })
    await runtime.transport.request(request)
    expect(annotations).toHaveLength(4)
  })

  test('that throws fails the request, unless failures are to be ignored', async () => {
    const fail = () => {
      throw new Error('out of order')
    }
    runtime.admission.validating({
      name: 'ignored.example.com',
      rules: everyWrite,
      failurePolicy: 'Ignore',
      handler: fail,
    })
    await runtime.client.create(configMap('a'))
    runtime.admission.validating({ name: 'broken.example.com', rules: everyWrite, handler: fail })
    expect(await failure(runtime.client.create(configMap('b')))).toMatchObject({
      code: 500,
      reason: 'InternalError',
      message:
        'Internal error occurred: failed calling webhook "broken.example.com": failed to call webhook: out of order',
    })
  })

  test('that does not answer in time fails the request', async () => {
    runtime.admission.validating({
      name: 'slow.example.com',
      rules: everyWrite,
      timeoutSeconds: 1,
      handler: () => new Promise(() => {}),
    })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const refused = failure(runtime.client.create(configMap('a')))
      await vi.waitUntil(() => vi.getTimerCount() > 0, { interval: 1 })
      vi.advanceTimersByTime(1000)
      expect((await refused).message).toBe(
        'Internal error occurred: failed calling webhook "slow.example.com": failed to call webhook: context deadline exceeded',
      )
    } finally {
      vi.useRealTimers()
    }
  })

  test('beside one that cannot be matched is not called', async () => {
    let calls = 0
    const deny = async () => {
      calls++
      return { allowed: false }
    }
    runtime.admission.validating({ name: 'denies.example.com', rules: everyWrite, handler: deny })
    const objectSelector = { matchExpressions: [{ key: 'a', operator: 'Nearly' as 'In', values: ['b'] }] }
    runtime.admission.validating({
      name: 'odd.example.com',
      rules: everyWrite,
      objectSelector,
      handler: deny,
    })
    expect((await failure(runtime.client.create(configMap('a')))).code).toBe(500)
    expect(calls).toBe(0)
  })

  test('is refused with a choice that is none', () => {
    const named = { name: 'a.example.com', rules: everyWrite, handler: () => ({ allowed: true }) }
    expect(() => runtime.admission.validating({ ...named, failurePolicy: 'ignore' as 'Ignore' })).toThrow(
      'failurePolicy: Unsupported value: "ignore": supported values: "Fail", "Ignore"',
    )
  })

  test('may answer with a promise of another realm', async () => {
    const OtherPromise: PromiseConstructor = runInNewContext('Promise')
    const handler = () => OtherPromise.resolve({ allowed: false, status: { message: 'no' } })
    runtime.admission.validating({ name: 'later.example.com', rules: everyWrite, handler })
    expect((await failure(runtime.client.create(configMap('a')))).message).toContain('denied the request: no')
  })

  test('that answers something else than a response fails the request', async () => {
    const handler = (() => undefined) as unknown as () => { allowed: boolean }
    runtime.admission.validating({ name: 'mute.example.com', rules: everyWrite, handler })
    expect((await failure(runtime.client.create(configMap('a')))).message).toBe(
      'Internal error occurred: failed calling webhook "mute.example.com": received invalid webhook response: webhook response was absent',
    )
  })

  test.each([
    [{ allowed: 'yes' }, 'allowed must be true or false'],
    [{ object: null }, 'object must be an object'],
    [{ patch: {} }, 'patch must be a list of operations'],
    [{ warnings: 'careful' }, 'warnings must be a list of texts'],
    [{ warnings: [5] }, 'warnings must be a list of texts'],
    [{ auditAnnotations: { seen: true } }, 'auditAnnotations must be an object of texts'],
    [{ status: 'no' }, 'status must be an object'],
    [{ status: { code: '403' } }, 'status.code must be a whole number'],
    [{ status: { message: {} } }, 'status.message and status.reason must be texts'],
  ])('that answers with %j fails the request', async (wrong, message) => {
    const handler = (() => ({ allowed: false, ...wrong })) as unknown as () => { allowed: boolean }
    runtime.admission.validating({ name: 'odd.example.com', rules: everyWrite, handler })
    expect((await failure(runtime.client.create(configMap('a')))).message).toBe(
      `Internal error occurred: failed calling webhook "odd.example.com": received invalid webhook response: response.${message}`,
    )
  })

  test('is told the name that was generated', async () => {
    const names: string[] = []
    runtime.admission.validating({
      name: 'names.example.com',
      rules: everyWrite,
      handler: ({ name }) => {
        names.push(name)
        return { allowed: true }
      },
    })
    const generated: ConfigMap = { ...configMap(''), metadata: { generateName: 'a-' } }
    const { metadata } = await runtime.client.create(generated)
    expect(names).toEqual([metadata.name])
  })

  test('may not change the object', async () => {
    runtime.admission.validating({
      name: 'sneaky.example.com',
      rules: everyWrite,
      handler: ({ object }) => {
        object!.data = { changed: 'in its copy' }
        return { allowed: true }
      },
    })
    expect(await runtime.client.create(configMap('a', { data: { x: '1' } }))).toMatchObject({
      data: { x: '1' },
    })
    const patching = () => ({ allowed: true, patch: [] })
    runtime.admission.validating({ name: 'patching.example.com', rules: everyWrite, handler: patching })
    expect((await failure(runtime.client.create(configMap('b')))).message).toContain(
      'received invalid webhook response: validating webhook may not return response.patch',
    )
  })

  test('is asked for the objects, namespaces and scopes that it means', async () => {
    const seen: string[] = []
    const record = (prefix: string) => (request: AdmissionRequest) => {
      seen.push(`${prefix} ${request.name}`)
      return { allowed: true }
    }
    const all: AdmissionRule[] = [
      { apiGroups: ['*'], apiVersions: ['*'], resources: ['*'], operations: ['CREATE'] },
    ]
    await runtime.client.create(namespace('prod', { metadata: { labels: { stage: 'prod' } } }))
    runtime.admission.validating({
      name: 'objects',
      rules: all,
      objectSelector: { matchLabels: { watched: 'yes' } },
      handler: record('object'),
    })
    runtime.admission.validating({
      name: 'namespaces',
      rules: [{ ...all[0]!, scope: 'Namespaced' }],
      namespaceSelector: { matchLabels: { stage: 'prod' } },
      handler: record('namespace'),
    })
    runtime.admission.validating({
      name: 'cluster',
      rules: [{ ...all[0]!, scope: 'Cluster' }],
      handler: record('cluster'),
    })
    await runtime.client.create(configMap('plain'))
    await runtime.client.create(
      configMap('labelled', { metadata: { namespace: 'prod', labels: { watched: 'yes' } } }),
    )
    await runtime.client.create(namespace('test'))
    expect(seen).toEqual(['object labelled', 'namespace labelled', 'cluster test'])
  })
})

describe('a mutating function', () => {
  const stamp = (name: string, value: string) =>
    runtime.admission.mutating<ConfigMap>({
      name,
      rules: everyWrite,
      handler: ({ object }) => ({
        allowed: true,
        patch: [
          {
            op: 'add',
            path: '/data',
            value: { ...object?.data, stamps: `${object?.data?.stamps ?? ''}${value}` },
          },
        ],
      }),
    })

  test('changes the object by a JSON patch or by handing over another, in the order of registration', async () => {
    stamp('first', '1')
    runtime.admission.mutating<ConfigMap>({
      name: 'second',
      rules: everyWrite,
      handler: async ({ object }) => ({
        allowed: true,
        object: { ...object!, data: { ...object?.data, stamps: `${object?.data?.stamps}2` } },
      }),
    })
    expect(await runtime.client.create(configMap('a', { data: { x: '1' } }))).toMatchObject({
      data: { x: '1', stamps: '12' },
    })
    expect(await runtime.client.get(ConfigMaps, key)).toMatchObject({ data: { stamps: '12' } })
  })

  test('changes updates and patches as well, before they are validated', async () => {
    const created = await runtime.client.create(configMap('a'))
    stamp('first', '1')
    runtime.admission.validating<ConfigMap>({
      name: 'stamped',
      rules: everyWrite,
      handler: ({ object }) => ({ allowed: object === undefined || object.data?.stamps !== undefined }),
    })
    expect(await runtime.client.update(created)).toMatchObject({ data: { stamps: '1' } })
    const patch = jsonPatch([{ op: 'add', path: '/data/y', value: '2' }])
    expect(await runtime.client.patch(configMap('a'), patch)).toMatchObject({
      data: { stamps: '11', y: '2' },
    })
    await runtime.client.delete(configMap('a'))
  })

  test('what it makes is decoded and defaulted like what a client sends', async () => {
    const Item = defineKind<Unstructured>({
      group: 'inventory.example.com',
      version: 'v1',
      kind: 'Item',
      plural: 'items',
      namespaced: true,
      schema: {
        type: 'object',
        properties: {
          spec: {
            type: 'object',
            properties: { size: { type: 'integer', default: 3 }, owner: { type: 'string' } },
          },
        },
      },
    })
    runtime.registerAPI(Item)
    runtime.admission.mutating({
      name: 'owner',
      rules: [
        {
          apiGroups: ['inventory.example.com'],
          apiVersions: ['*'],
          resources: ['items'],
          operations: ['CREATE'],
        },
      ],
      handler: ({ object, userInfo }) => ({
        allowed: true,
        object: { ...object!, spec: { owner: userInfo.username, unknown: true } },
      }),
    })
    const item = {
      apiVersion: 'inventory.example.com/v1',
      kind: 'Item',
      metadata: { name: 'a', namespace: 'default' },
    }
    expect(await runtime.client.create(item)).toMatchObject({ spec: { owner: 'system:admin', size: 3 } })
    expect((await runtime.client.get(Item, key)).spec).toEqual({ owner: 'system:admin', size: 3 })
  })

  test('is called again, once, if a later one changed the object and it wants that', async () => {
    const calls: string[] = []
    const add = (name: string, reinvocationPolicy: 'Never' | 'IfNeeded') =>
      runtime.admission.mutating<ConfigMap>({
        name,
        rules: everyWrite,
        reinvocationPolicy,
        handler: ({ object }) => {
          calls.push(name)
          return {
            allowed: true,
            object: { ...object!, data: { [name]: 'added', ...object?.data } },
          }
        },
      })
    add('a', 'IfNeeded')
    add('b', 'Never')
    add('c', 'IfNeeded')
    await runtime.client.create(configMap('a'))
    expect(calls).toEqual(['a', 'b', 'c', 'a'])
  })

  test('sees and changes objects in the version that it names', async () => {
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
    const definition = itemDefinition()
    definition.spec.versions = [
      { name: 'v1', served: true, storage: true, schema },
      { name: 'v2', served: true, storage: false, schema },
    ]
    await runtime.client.create(definition)
    runtime.admission.mutating({
      name: 'v1',
      rules: [
        {
          apiGroups: ['inventory.example.com'],
          apiVersions: ['v1'],
          resources: ['items'],
          operations: ['CREATE'],
        },
      ],
      handler: ({ object, kind, requestKind }) => ({
        allowed: true,
        patch: [
          {
            op: 'add',
            path: '/spec',
            value: { seen: [object!.apiVersion, kind.version, requestKind.version] },
          },
        ],
      }),
    })
    const created = await runtime.client.create({ ...item('a'), apiVersion: 'inventory.example.com/v2' })
    expect(created).toMatchObject({
      apiVersion: 'inventory.example.com/v2',
      spec: { seen: ['inventory.example.com/v1', 'v1', 'v2'] },
    })
  })

  test('that makes something else than an object of the kind fails the request', async () => {
    runtime.admission.mutating({
      name: 'wrong',
      rules: everyWrite,
      handler: () => ({ allowed: true, patch: [{ op: 'add', path: '/data', value: 'text' }] }),
    })
    expect(await failure(runtime.client.create(configMap('a')))).toMatchObject({
      code: 500,
      reason: 'InternalError',
    })
  })
})

describe('registering', () => {
  const handler = () => ({ allowed: true })

  test('refuses a name that is taken and rules that cannot be meant', () => {
    runtime.admission.validating({ name: 'a', rules: everyWrite, handler })
    expect(() => runtime.admission.validating({ name: 'a', rules: everyWrite, handler })).toThrow(
      'the admission function "a" is already registered',
    )
    const rules: AdmissionRule[] = [
      { apiGroups: ['*', 'apps'], apiVersions: [], resources: ['*', 'pods'], operations: ['CREATE'] },
    ]
    expect(() => runtime.admission.mutating({ name: 'b', rules, handler })).toThrow(
      'invalid admission function "b": [rules[0].apiGroups: Invalid value: ["*","apps"]: if \'*\' is present, must not specify other API groups, rules[0].apiVersions: Required value, rules[0].resources: Invalid value: ["*","pods"]: if \'*\' is present, must not specify other resources without subresources]',
    )
  })

  test.each([
    [undefined, 'invalid admission function: name: Required value: a text that names it in messages'],
    [{ rules: everyWrite, handler }, 'invalid admission function: name: Required value: '],
    [
      { name: 'x' },
      'invalid admission function "x": [rules: Required value: a list of which requests are meant, handler: Required value: a function that is given the request and answers it]',
    ],
    [{ name: 'x', rules: everyWrite }, 'invalid admission function "x": handler: Required value: '],
    [
      { name: 'x', rules: [null], handler },
      'invalid admission function "x": rules[0]: Invalid value: null: must be an object',
    ],
    [
      { name: 'x', rules: [{ ...everyWrite[0], resources: 'configmaps' }], handler },
      'rules[0].resources: Invalid value: "configmaps": must be a list of texts',
    ],
    [
      { name: 'x', rules: everyWrite, handler, timeoutSeconds: 31 },
      'invalid admission function "x": timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds',
    ],
  ])('refuses %j with a BadRequest that says what is missing or wrong', (added, message) => {
    for (const register of [runtime.admission.validating, runtime.admission.mutating]) {
      const call = () => register.call(runtime.admission, added as never)
      expect(call).toThrow(expect.objectContaining({ code: 400, message: expect.stringContaining(message) }))
    }
  })

  test('gives what takes the function away', async () => {
    const deny = { name: 'deny', rules: everyWrite, handler: () => ({ allowed: false }) }
    const first = runtime.admission.validating(deny)
    const second = runtime.admission.mutating(deny)
    expect(await failure(runtime.client.create(configMap('a')))).toMatchObject({ code: 400 })
    first.unregister()
    expect(await failure(runtime.client.create(configMap('a')))).toMatchObject({ code: 400 })
    second[Symbol.dispose]()
    await runtime.client.create(configMap('a'))

    runtime.admission.validating(deny)
    first.unregister()
    expect(await failure(runtime.client.create(configMap('b')))).toMatchObject({ code: 400 })
  })
})

test('managed fields that a mutating function makes invalid stay as they were, with a warning', async () => {
  const warnings: string[] = []
  const onWarning = (text: string) => warnings.push(text)
  runtime.admission.mutating({
    name: 'careless',
    rules: everyWrite,
    handler: ({ object }) => {
      object!.metadata.managedFields = [{ operation: 'Update', manager: 'careless' }]
      return { allowed: true, object: object! }
    },
  })
  const warning =
    '.metadata.managedFields was in an invalid state after admission; this could be caused by an outdated mutating admission controller; please fix your requests: apiVersion must not be empty'
  const created = await runtime.client.create(configMap('a', { data: { y: '1' } }), {
    fieldManager: 'test',
    onWarning,
  })
  expect(warnings.splice(0)).toEqual([warning])
  expect(created.metadata.managedFields).toMatchObject([{ manager: 'test', operation: 'Update' }])
  const updated = await runtime.client.patch(configMap('a'), mergePatch({ data: { x: '1' } }), {
    fieldManager: 'other',
    onWarning,
  })
  expect(warnings).toEqual([warning])
  expect(updated.metadata.managedFields?.map(({ manager }) => manager).sort()).toEqual(['other', 'test'])
})
