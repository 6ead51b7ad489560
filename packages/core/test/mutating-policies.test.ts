import type { Unstructured } from '@k1s/apimachinery'
import { createRuntime, defineKind, mergePatch, type Runtime } from '@k1s/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failure } from './each-store.ts'
import { type ConfigMap, ConfigMaps, configMap, Items, item, itemDefinition } from './kinds.ts'
import {
  applyConfiguration,
  configMapRule,
  jsonPatchMutation,
  mutateWith,
  mutatingPolicy,
  validateWith,
} from './policies.ts'

let runtime: Runtime

beforeEach(async () => {
  runtime = await createRuntime({ storage: { type: 'memory' } })
})

afterEach(() => runtime.close())

const create = (object: ConfigMap) => runtime.client.create(object)

/** The data of a ConfigMap that one mutation was made to. */
async function mutated(mutation: object, object = configMap('a', { data: { x: '1' } })) {
  await mutateWith(runtime.client, 'p', { mutations: [mutation] })
  return (await create(object)).data
}

/** Why a mutation fails. */
async function refusalOf(mutation: object): Promise<string> {
  await mutateWith(runtime.client, 'p', { mutations: [mutation] })
  const { message = '' } = await failure(create(configMap('a', { data: { x: '1' } })))
  const prefix = "policy 'p' with binding 'p-binding' denied request: "
  expect(message).toContain(prefix)
  return message.slice(prefix.length)
}

describe('an apply configuration', () => {
  test('sets fields and leaves others as they are', async () => {
    const expression = "Object{data: {'y': 'from ' + object.metadata.name}}"
    expect(await mutated(applyConfiguration(expression))).toEqual({ x: '1', y: 'from a' })
    expect((await runtime.client.get(ConfigMaps, { name: 'a' })).data).toEqual({ x: '1', y: 'from a' })
  })

  test('may make objects by the path of their type', async () => {
    await mutateWith(runtime.client, 'p', {
      mutations: [
        applyConfiguration(
          "Object{metadata: Object.metadata{labels: {'made-by': request.userInfo.username.replace(':', '-')}}}",
        ),
      ],
    })
    expect((await create(configMap('a'))).metadata.labels).toEqual({ 'made-by': 'system-admin' })
  })

  test('must name types by their place', async () => {
    expect(await refusalOf(applyConfiguration("Object{metadata: Object.meta{labels: {'a': 'b'}}}"))).toBe(
      'type mismatch: unexpected type name "Object.meta", expected "Object.metadata", which matches field name path from root Object type',
    )
  })

  test('may not set fields that the kind does not have', async () => {
    expect(await refusalOf(applyConfiguration('Object{spec: Object.spec{replicas: 1}}'))).toBe(
      'error applying patch: failed to convert patch object to typed object: .spec: field not declared in schema',
    )
  })

  describe('of a custom resource', () => {
    const Widget = defineKind<Unstructured>({
      group: 'example.com',
      version: 'v1',
      kind: 'Widget',
      plural: 'widgets',
      namespaced: true,
      schema: {
        type: 'object',
        properties: {
          spec: {
            type: 'object',
            properties: {
              ports: {
                type: 'array',
                'x-kubernetes-list-type': 'map',
                'x-kubernetes-list-map-keys': ['name'],
                items: {
                  type: 'object',
                  required: ['name'],
                  properties: {
                    name: { type: 'string' },
                    port: { type: 'integer' },
                    protocol: { type: 'string', default: 'TCP' },
                  },
                },
              },
              tags: { type: 'array', items: { type: 'string' } },
              selector: {
                type: 'object',
                'x-kubernetes-map-type': 'atomic',
                additionalProperties: { type: 'string' },
              },
            },
          },
        },
      },
    })
    const widget = {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'a', namespace: 'default' },
      spec: { ports: [{ name: 'http', port: 80 }], tags: ['a'], selector: { a: 'b' } },
    }
    const rule = { ...configMapRule, apiGroups: ['example.com'], resources: ['widgets'] }
    const mutateWidgets = async (expression: string) => {
      runtime.registerAPI(Widget)
      await mutateWith(runtime.client, 'p', {
        matchConstraints: { resourceRules: [rule] },
        mutations: [applyConfiguration(expression)],
      })
    }

    test('merges items by their key and fills in defaults', async () => {
      await mutateWidgets(
        "Object{spec: Object.spec{ports: [Object.spec.ports{name: 'http', protocol: 'SCTP'}, Object.spec.ports{name: 'dns', port: 53}]}}",
      )
      expect((await runtime.client.create(widget)).spec).toEqual({
        ports: [
          { name: 'http', port: 80, protocol: 'SCTP' },
          { name: 'dns', port: 53, protocol: 'TCP' },
        ],
        tags: ['a'],
        selector: { a: 'b' },
      })
    })

    test('may not set lists and maps that are owned as a whole', async () => {
      await mutateWidgets("Object{spec: Object.spec{tags: ['b'], selector: {'c': 'd'}}}")
      const { message, code, reason } = await failure(runtime.client.create(widget))
      expect([code, reason]).toEqual([403, 'Invalid'])
      expect(message).toContain(
        'error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: .spec.tags, .spec.selector',
      )
    })
  })
})

describe('a JSON patch', () => {
  test('is applied', async () => {
    const expression =
      "[JSONPatch{op: 'add', path: '/metadata/labels', value: {}}, JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('example.com/x'), value: object.data.x}, JSONPatch{op: 'move', from: '/data/x', path: '/data/y'}]"
    await mutateWith(runtime.client, 'p', { mutations: [jsonPatchMutation(expression)] })
    expect(await create(configMap('a', { data: { x: '1' } }))).toMatchObject({
      metadata: { labels: { 'example.com/x': '1' } },
      data: { y: '1' },
    })
  })

  test('may carry objects', async () => {
    const expression = "[JSONPatch{op: 'replace', path: '/data', value: Object.data{z: '2'}}]"
    expect(await mutated(jsonPatchMutation(expression))).toEqual({ z: '2' })
  })

  test('changes nothing where one of its tests fails', async () => {
    const expression =
      "[JSONPatch{op: 'test', path: '/data/x', value: '2'}, JSONPatch{op: 'remove', path: '/data/x'}]"
    expect(await mutated(jsonPatchMutation(expression))).toEqual({ x: '1' })
  })

  test('that does not apply refuses the request', async () => {
    expect(await refusalOf(jsonPatchMutation("[JSONPatch{op: 'remove', path: '/data/nope'}]"))).toContain(
      'JSON Patch: ',
    )
  })

  test('that makes something else than an object of the kind is an internal error', async () => {
    await mutateWith(runtime.client, 'p', {
      mutations: [jsonPatchMutation("[JSONPatch{op: 'replace', path: '/data', value: 1}]")],
    })
    expect((await failure(create(configMap('a', { data: {} })))).reason).toBe('InternalError')
  })
})

describe('a mutating policy', () => {
  const stamp = (name: string) =>
    applyConfiguration(`Object{data: {'stamps': object.?data.stamps.orValue('') + '${name}'}}`)

  test('makes its mutations one after the other, and policies run in the order of their names', async () => {
    await mutateWith(runtime.client, 'b', { mutations: [stamp('3')] })
    await mutateWith(runtime.client, 'a', { mutations: [stamp('1'), stamp('2')] })
    expect((await create(configMap('a'))).data).toEqual({ stamps: '123' })
  })

  test('changes updates as well, and what it makes is validated by policies', async () => {
    await create(configMap('a'))
    await mutateWith(runtime.client, 'p', { mutations: [stamp('x')] })
    await validateWith(runtime.client, 'v', {
      validations: [
        { expression: 'size(object.data.stamps) < 3', messageExpression: 'string(object.data.stamps)' },
      ],
    })
    const touch = () => runtime.client.patch(configMap('a'), mergePatch({ metadata: { labels: { a: 'b' } } }))
    expect((await touch()).data).toEqual({ stamps: 'x' })
    expect((await touch()).data).toEqual({ stamps: 'xx' })
    expect((await failure(touch())).message).toContain('denied request: xxx')
  })

  test('runs once more after a later change only if it is to be reinvoked', async () => {
    const count = (name: string) =>
      applyConfiguration(`Object{data: {'${name}': object.?data['${name}'].orValue('') + 'x'}}`)
    await mutateWith(runtime.client, 'a', { mutations: [count('a')], reinvocationPolicy: 'IfNeeded' })
    await mutateWith(runtime.client, 'b', { mutations: [count('b')] })
    expect((await create(configMap('a'))).data).toEqual({ a: 'xx', b: 'x' })
  })

  test('is run again after a function that an application registered changed the object', async () => {
    await mutateWith(runtime.client, 'p', {
      reinvocationPolicy: 'IfNeeded',
      mutations: [applyConfiguration("Object{data: {'keys': string(size(object.?data.orValue({})))}}")],
    })
    runtime.admission.mutating<ConfigMap>({
      name: 'adds',
      rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE'] }],
      handler: ({ object }) => ({
        allowed: true,
        object: { ...object!, data: { ...object?.data, added: 'yes' } },
      }),
    })
    expect((await create(configMap('a'))).data).toEqual({ keys: '2', added: 'yes' })
  })

  test('sees parameters, variables and conditions', async () => {
    await create(configMap('defaults', { data: { color: 'grey' } }))
    await mutateWith(
      runtime.client,
      'p',
      {
        paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
        variables: [{ name: 'color', expression: 'params.data.color' }],
        matchConditions: [
          { name: 'uncolored', expression: "!has(object.data) || !('color' in object.data)" },
        ],
        mutations: [applyConfiguration("Object{data: {'color': variables.color}}")],
      },
      { paramRef: { name: 'defaults', parameterNotFoundAction: 'Deny' } },
    )
    expect((await create(configMap('a'))).data).toEqual({ color: 'grey' })
    expect((await create(configMap('b', { data: { color: 'red' } }))).data).toEqual({ color: 'red' })
  })

  test('changes the Scale of an object', async () => {
    const { client } = runtime
    await client.create(itemDefinition())
    await client.create(item('a', { spec: { quantity: 1 } }))
    const rule = { ...configMapRule, apiGroups: ['inventory.example.com'], resources: ['items/scale'] }
    await mutateWith(client, 'p', {
      matchConstraints: { resourceRules: [rule] },
      matchConditions: [{ name: 'many', expression: 'object.spec.replicas > 10' }],
      mutations: [applyConfiguration('Object{spec: Object.spec{replicas: 10}}')],
    })
    const scaled = await client.subresource('scale').patch(item('a'), mergePatch({ spec: { replicas: 50 } }))
    expect(scaled).toMatchObject({ kind: 'Scale', spec: { replicas: 10 } })
    expect(await client.get(Items, { name: 'a' })).toMatchObject({ spec: { quantity: 10 } })
  })

  test('may name an object that was to get a generated name', async () => {
    await mutateWith(runtime.client, 'p', {
      mutations: [
        applyConfiguration(
          "Object{metadata: Object.metadata{name: object.metadata.generateName + 'chosen'}}",
        ),
      ],
    })
    const generated = { ...configMap(''), metadata: { generateName: 'a-' } }
    expect((await create(generated)).metadata.name).toBe('a-chosen')
  })

  test('that fails refuses the request, or is passed over where failures are to be ignored', async () => {
    const failing = applyConfiguration("Object{data: {'x': object.nope}}")
    expect(await refusalOf(failing)).toBe(
      "expression 'Object{data: {'x': object.nope}}' resulted in error: no such key: nope",
    )
    await runtime.client.patch(mutatingPolicy('p', {}), mergePatch({ spec: { failurePolicy: 'Ignore' } }))
    await create(configMap('a'))
  })

  test('is served as v1beta1 too', async () => {
    const beta = {
      ...mutatingPolicy('p', { mutations: [stamp('x')] }),
      apiVersion: 'admissionregistration.k8s.io/v1beta1',
    }
    expect((await runtime.client.create(beta)).apiVersion).toBe('admissionregistration.k8s.io/v1beta1')
    expect(
      (
        await runtime.client.get(
          {
            group: 'admissionregistration.k8s.io',
            version: 'v1',
            kind: 'MutatingAdmissionPolicy',
            plural: 'mutatingadmissionpolicies',
            namespaced: false,
          },
          { name: 'p' },
        )
      ).apiVersion,
    ).toBe('admissionregistration.k8s.io/v1')
  })

  test('that makes a list of what explodes is stopped by its cost', async () => {
    const data = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`k${index}`, 'x']))
    const expression =
      "Object{data: {'n': string(size(object.data.map(a, object.data.map(b, object.data.map(c, a + b + c)))))}}"
    await mutateWith(runtime.client, 'p', { mutations: [applyConfiguration(expression)] })
    expect((await failure(create(configMap('a', { data })))).message).toContain('cost')
  })
})
