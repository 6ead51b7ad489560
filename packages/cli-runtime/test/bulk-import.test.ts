import { canonicalJson, newConflict, newTooManyRequests, type Unstructured } from '@k1s/apimachinery'
import { mergePatch, type Runtime } from '@k1s/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ImportOptions, ImportRefusedError, importObjects } from '../src/bulk/index.ts'
import {
  ConfigMap,
  configMap,
  definitionOf,
  emptyStore,
  exported,
  imported,
  manifestsOf,
  namespace,
  Widget,
  watched,
} from './bulk-stores.ts'

let store: Runtime
beforeEach(async () => {
  store = await emptyStore()
})
afterEach(() => store.close())

const widget = (name: string, fields: object = {}, metadata: object = {}): Unstructured => ({
  apiVersion: 'test.k1s.dev/v1',
  kind: 'Widget',
  metadata: { name, namespace: 'default', ...metadata },
  ...fields,
})
const owners = (...names: string[]) => ({
  metadata: {
    ownerReferences: names.map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', name, uid: '' })),
  },
})
const quota = (name: string, configmaps: string): Unstructured => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name, namespace: 'default' },
  spec: { hard: { configmaps } },
})
const problemsOf = async (objects: Unstructured[], options: ImportOptions = {}) => {
  const error = await imported(store, objects, options).catch((thrown: unknown) => thrown)
  if (!(error instanceof ImportRefusedError)) throw error
  return error.problems.map(({ reason, message }) => `${reason}: ${message}`)
}
const ownersOf = async (name: string) =>
  (await store.client.get(ConfigMap, { name })).metadata.ownerReferences?.map((reference) => reference.name)

describe('the order', () => {
  test('is what objects need, not how they stand in the input', async () => {
    const policy = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'none' },
      spec: {
        matchConstraints: {
          resourceRules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] },
          ],
        },
        validations: [{ expression: 'false' }],
      },
    }
    const binding = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'none' },
      spec: { policyName: 'none', validationActions: ['Deny'] },
    }
    const objects = [
      binding,
      policy,
      quota('q', '0'),
      configMap('c', owners('b')),
      configMap('b', owners('a')),
      configMap('a', { metadata: { namespace: 'shop' } }),
      configMap('a'),
      widget('w'),
      definitionOf(Widget),
      namespace('shop'),
    ]
    const { outcomes, counts } = await imported(store, objects)
    expect(counts.failed).toBe(0)
    expect(outcomes).toEqual([
      'Namespace/shop created',
      'CustomResourceDefinition/widgets.test.k1s.dev created',
      'ConfigMap/a created',
      'ConfigMap/a created',
      'ConfigMap/b created',
      'ConfigMap/c created',
      'Widget/w created',
      'ResourceQuota/q created',
      'ValidatingAdmissionPolicy/none created',
      'ValidatingAdmissionPolicyBinding/none created',
    ])
  })

  test('an owner of a kind that comes late is still before its dependents', async () => {
    const reference = { apiVersion: 'v1', kind: 'ResourceQuota', name: 'q', uid: '' }
    const { outcomes } = await imported(store, [
      configMap('a', { metadata: { ownerReferences: [reference] } }),
      quota('q', '5'),
    ])
    expect(outcomes).toEqual(['ResourceQuota/q created', 'ConfigMap/a created'])
  })

  test('a chain of three hundred owners', async () => {
    const objects = Array.from({ length: 300 }, (_, index) =>
      configMap(`a${index}`, index === 0 ? {} : owners(`a${index - 1}`)),
    )
    const { counts } = await imported(store, objects.reverse())
    expect(counts.created).toBe(300)
    await store.client.delete(ConfigMap, { name: 'a0' })
    expect((await store.client.list(ConfigMap)).items).toEqual([])
  })
})

describe('owners', () => {
  test('are bound by uid where the input has uids, whatever their names', async () => {
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: 'source-uid' }
    await imported(store, [
      configMap('a', { metadata: { ownerReferences: [reference] } }),
      configMap('owner', { metadata: { uid: 'source-uid', resourceVersion: '77' } }),
    ])
    const owner = await store.client.get(ConfigMap, { name: 'owner' })
    const dependent = await store.client.get(ConfigMap, { name: 'a' })
    expect(dependent.metadata.ownerReferences).toEqual([{ ...reference, uid: owner.metadata.uid }])
  })

  test('are found in the target, in the namespace of the dependent or in the cluster', async () => {
    const owner = await store.client.create(configMap('owner'))
    const inCluster = { apiVersion: 'v1', kind: 'Namespace', name: 'default', uid: '' }
    const { ownerReferences } = owners('owner').metadata
    await imported(store, [
      configMap('a', { metadata: { ownerReferences: [...ownerReferences, inCluster] } }),
    ])
    const dependent = await store.client.get(ConfigMap, { name: 'a' })
    expect(dependent.metadata.ownerReferences?.[0]?.uid).toBe(owner.metadata.uid)
    expect(dependent.metadata.ownerReferences?.[1]?.uid).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('that are missing refuse everything, are dropped, or are kept', async () => {
    const reference = { apiVersion: 'v1', kind: 'Shelf', name: 's', uid: 'u' }
    const objects = [configMap('a', { metadata: { ownerReferences: [reference] } }), configMap('b')]
    const message = 'configmap/a in namespace default: its owner Shelf "s" is neither imported nor there'
    expect(await problemsOf(objects)).toEqual([`NoOwner: ${message}`])
    expect((await store.client.list(ConfigMap)).items).toEqual([])
    expect(await problemsOf([configMap('c', owners('x'))], { missingOwners: 'keep' })).toEqual([
      'NoOwner: configmap/c in namespace default: its owner ConfigMap "x" is neither imported nor there, and the reference has no uid that could be kept',
    ])
    const dropped = await imported(store, objects, { missingOwners: 'drop' })
    expect(dropped.warnings).toEqual([`${message}, and it is imported without it`])
    expect(await ownersOf('a')).toBeUndefined()
    await store.client.delete(ConfigMap, { name: 'a' })
    await imported(store, objects, { missingOwners: 'keep' })
    expect(await ownersOf('a')).toEqual(['s'])
  })

  test('an object of the same name that is not the owner is none', async () => {
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: 'old' }
    const objects = [
      configMap('a', { metadata: { ownerReferences: [reference] } }),
      configMap('owner', { metadata: { uid: 'new' } }),
    ]
    expect(await problemsOf(objects)).toHaveLength(1)
  })

  test('in a circle are told of, and all of them set', async () => {
    const { warnings, counts } = await imported(store, [
      configMap('a', owners('b')),
      configMap('b', owners('a', 'b')),
    ])
    expect(counts).toMatchObject({ created: 2, failed: 0 })
    expect(warnings).toHaveLength(2)
    expect(warnings[0]).toContain('own each other')
    expect([await ownersOf('a'), await ownersOf('b')]).toEqual([['b'], ['a', 'b']])
  })

  test('that fail keep their dependents from being tried, and nothing else', async () => {
    const objects = [
      configMap('bad', { data: { 'no key!': '' } }),
      configMap('a', owners('bad')),
      configMap('b', owners('a')),
      configMap('c'),
    ]
    const { outcomes, counts, errors } = await imported(store, objects)
    expect(counts).toMatchObject({ created: 1, failed: 1, blocked: 2 })
    expect(outcomes).toContain('ConfigMap/c created')
    expect(errors[0]!.message).toMatch(
      /^error when importing "test.yaml:1": ConfigMap "bad" is invalid: data\[no key!\]: /,
    )
  })
})

describe('objects that are there already', () => {
  beforeEach(async () => {
    await store.client.create(configMap('a', { data: { x: 'old' } }))
  })
  const wanted = () => [configMap('a', { data: { x: 'new' } }), configMap('b')]
  const dataOfA = async () => (await store.client.get<Unstructured>(ConfigMap, { name: 'a' })).data

  test('and differ refuse everything before anything is written', async () => {
    expect(await problemsOf(wanted())).toEqual([
      'Exists: configmap/a in namespace default already exists, and differs from what is to be imported',
    ])
    expect((await store.client.list(ConfigMap)).items).toHaveLength(1)
  })

  test.each([
    ['skip', 'skipped', { x: 'old', y: 'theirs' }],
    ['update', 'updated', { x: 'new' }],
    ['apply', 'updated', { x: 'new', y: 'theirs' }],
  ] as const)('--on-conflict=%s', async (onConflict, outcome, data) => {
    await store.client.patch(configMap('a'), mergePatch({ data: { y: 'theirs' } }))
    const options = { onConflict, forceConflicts: onConflict === 'apply' }
    const { outcomes } = await imported(store, wanted(), options)
    expect(outcomes.sort()).toEqual([`ConfigMap/a ${outcome}`, 'ConfigMap/b created'])
    expect(await dataOfA()).toEqual(data)
    const again = await imported(store, wanted(), options)
    expect(again.outcomes.sort()).toEqual([
      `ConfigMap/a ${onConflict === 'skip' ? 'skipped' : 'unchanged'}`,
      'ConfigMap/b unchanged',
    ])
  })

  test('apply fails where others own a field, unless it is forced', async () => {
    const { errors } = await imported(store, wanted(), { onConflict: 'apply' })
    expect(errors).toHaveLength(1)
    expect(errors[0]!.message).toContain('Apply failed with 1 conflict')
    expect(await dataOfA()).toEqual({ x: 'old' })
  })

  test('are the same if only the server’s defaults make them differ', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'default' },
      stringData: { password: 't0p' },
    }
    expect((await imported(store, [secret])).outcomes).toEqual(['Secret/s created'])
    expect((await imported(store, [secret])).outcomes).toEqual(['Secret/s unchanged'])
    expect(await problemsOf([{ ...secret, stringData: { password: 'other' } } as Unstructured])).toHaveLength(
      1,
    )
  })

  test('are replaced if they are the system’s and nobody has touched them', async () => {
    const labeled = { ...namespace('default'), metadata: { name: 'default', labels: { tier: 'a' } } }
    expect((await imported(store, [labeled])).outcomes).toEqual(['Namespace/default updated'])
    const other = { ...labeled, metadata: { name: 'default', labels: { tier: 'b' } } }
    expect(await problemsOf([other])).toHaveLength(1)
  })

  test('an update that somebody is faster than is repeated', async () => {
    let conflicts = 2
    const api = watched(store, (call) => {
      if (call === 'update' && conflicts-- > 0)
        throw newConflict({ group: '', resource: 'configmaps' }, 'a', 'x')
    })
    const result = await importObjects(api, manifestsOf(wanted()), { onConflict: 'update' })
    expect(result.counts).toMatchObject({ updated: 1, created: 1 })
    expect(await dataOfA()).toEqual({ x: 'new' })
  })
})

describe('the status', () => {
  beforeEach(async () => {
    await store.client.create(definitionOf(Widget))
  })
  const statusOf = async (name: string) => (await store.client.get<Unstructured>(Widget, { name })).status

  test('is restored, unless that is not wanted', async () => {
    await imported(store, [widget('a', { status: { ready: true } })])
    await imported(store, [widget('b', { status: { ready: true } })], { status: false })
    expect([await statusOf('a'), await statusOf('b')]).toEqual([{ ready: true }, undefined])
  })

  test('is completed where an import was ended before it, also if objects that differ are skipped', async () => {
    for (const onConflict of ['fail', 'skip', 'update', 'apply'] as const) {
      await store.client.create(widget(onConflict))
      const { outcomes } = await imported(store, [widget(onConflict, { status: { ready: true } })], {
        onConflict,
      })
      expect(outcomes).toEqual([`Widget/${onConflict} updated`])
      expect(await statusOf(onConflict)).toEqual({ ready: true })
    }
  })

  test('that others have set since is left to them, but for an update', async () => {
    const created = await store.client.create(widget('a'))
    await store.client.status.update({ ...created, status: { ready: false } })
    const objects = [widget('a', { status: { ready: true } })]
    expect((await imported(store, objects)).outcomes).toEqual(['Widget/a unchanged'])
    expect(await statusOf('a')).toEqual({ ready: false })
    expect((await imported(store, objects, { onConflict: 'update' })).outcomes).toEqual(['Widget/a updated'])
    expect(await statusOf('a')).toEqual({ ready: true })
  })

  test('that cannot be restored is an error that says the object is there, and its dependents are imported', async () => {
    const api = watched(store, (call) => {
      if (call === 'status.update') throw newConflict({ group: '', resource: 'widgets' }, 'a', 'no')
    })
    const reference = { apiVersion: 'test.k1s.dev/v1', kind: 'Widget', name: 'a', uid: '' }
    const objects = [
      widget('a', { status: { ready: true } }),
      configMap('c', { metadata: { ownerReferences: [reference] } }),
    ]
    const { counts, errors } = await importObjects(api, manifestsOf(objects))
    expect(counts).toMatchObject({ created: 1, failed: 1, blocked: 0 })
    expect(errors[0]!.message).toContain('the object is created, but its status is not restored: ')
  })
})

describe('what is refused or left out', () => {
  test('unknown kinds, missing namespaces and names, and objects that come twice are told at once', async () => {
    const shelf = { ...configMap('s'), kind: 'Shelf' }
    const objects = [
      shelf,
      { ...shelf, metadata: { name: 't' } },
      configMap('a', { metadata: { namespace: 'nowhere' } }),
      configMap('a'),
      configMap('a'),
      configMap('', { metadata: { name: undefined, generateName: 'x-' } }),
    ]
    expect(await problemsOf(objects)).toEqual([
      'Invalid: the ConfigMap in "test.yaml:6" has no name: set metadata.name',
      expect.stringMatching(
        /^NoKind: resource mapping not found for 2 objects, the first in "test\.yaml:1": no matches for kind "Shelf" in version "v1"\nensure CRDs are installed first/,
      ),
      'Invalid: configmap/a in namespace default is in "test.yaml:4" and in "test.yaml:5"',
      'NoNamespace: namespaces "nowhere" not found',
    ])
  })

  test('an object that was being deleted is left out with a warning', async () => {
    const leaving = configMap('a', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })
    const { warnings, total } = await imported(store, [leaving])
    expect([warnings, total]).toEqual([
      ['configmap/a in namespace default is not imported: it was being deleted'],
      0,
    ])
  })

  test('a definition whose names are taken fails with its instances, and all else is imported', async () => {
    await store.client.create(definitionOf(Widget))
    const rival = { ...Widget, plural: 'widgetz' }
    const other = { ...definitionOf(rival), metadata: { name: 'widgetz.test.k1s.dev' } }
    const { counts, errors } = await imported(store, [other, configMap('a')])
    expect(counts).toMatchObject({ created: 1, failed: 1 })
    expect(errors[0]!.message).toContain('its names are not accepted: ')
  })
})

describe('namespaces', () => {
  test('are mapped, with the Namespace, the owners and what Events are about', async () => {
    const inShop = { metadata: { namespace: 'shop' } }
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e', namespace: 'shop' },
      involvedObject: { kind: 'ConfigMap', name: 'a', namespace: 'shop' },
    }
    const dependent = configMap('b', { metadata: { ...inShop.metadata, ...owners('a').metadata } })
    await imported(store, [namespace('shop'), configMap('a', inShop), dependent, event as Unstructured], {
      namespaceMap: new Map([['shop', 'trial']]),
    })
    const found = await exported(store, { namespace: 'trial', keepMetadata: true })
    expect(found.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      'Namespace/trial',
      'ConfigMap/a',
      'ConfigMap/b',
    ])
    expect(found[2]!.metadata.ownerReferences?.[0]?.uid).toBe(found[1]!.metadata.uid)
  })

  test('are given to objects that name none, and may be enforced', async () => {
    await store.client.create(namespace('shop'))
    const { namespace: _, ...metadata } = configMap('a').metadata
    const bare = { ...configMap('a'), metadata }
    await imported(store, [bare], { namespace: 'shop', enforceNamespace: true })
    expect((await store.client.list(ConfigMap, { namespace: 'shop' })).items).toHaveLength(1)
    expect(await problemsOf([configMap('b')], { namespace: 'shop', enforceNamespace: true })).toEqual([
      `Invalid: the namespace from the provided object "default" does not match the namespace "shop". You must pass '--namespace=default' to perform this operation.`,
    ])
  })
})

describe('a dry run', () => {
  const objects = () => [
    namespace('shop'),
    configMap('a', { metadata: { namespace: 'shop' } }),
    configMap('b'),
    configMap('c', owners('b')),
    configMap('bad', { data: { 'no key!': '' } }),
  ]

  test('on the server checks what can be checked, and writes nothing', async () => {
    const before = (await exported(store, { system: true, keepMetadata: true })).map(canonicalJson)
    const { outcomes } = await imported(store, objects(), { dryRun: 'server' })
    expect(outcomes.sort()).toEqual([
      'ConfigMap/a unchecked',
      'ConfigMap/b created',
      'ConfigMap/bad failed',
      'ConfigMap/c created',
      'Namespace/shop created',
    ])
    expect((await exported(store, { system: true, keepMetadata: true })).map(canonicalJson)).toEqual(before)
  })

  test('on the client only reads', async () => {
    await store.client.create(configMap('b', { data: { x: '1' } }))
    const calls = new Set<string>()
    const api = watched(store, (call) => void calls.add(call))
    const options = { dryRun: 'client', onConflict: 'update' } as const
    const { counts } = await importObjects(api, manifestsOf(objects()), options)
    expect(counts).toMatchObject({ created: 4, updated: 1 })
    expect([...calls].sort()).toEqual(['get'])
  })
})

test('a server that asks for time is asked again', async () => {
  let refusals = 1
  const api = watched(store, (call) => {
    if (call === 'create' && refusals-- > 0) throw newTooManyRequests('slow down', 0.01)
  })
  expect((await importObjects(api, manifestsOf([configMap('a')]))).counts.created).toBe(1)
})

test('a server that is gone is not asked for each object', async () => {
  const objects = Array.from({ length: 20 }, (_, index) => configMap(`a${index}`))
  let created = 0
  const api = watched(store, (call) => {
    if (call !== 'create' || ++created <= 5) return
    throw Object.assign(new Error('connection refused'), { [Symbol.for('k1s.dev/ConnectionError')]: true })
  })
  const result = await importObjects(api, manifestsOf(objects), { parallel: 2 })
  expect(result.counts.created).toBe(5)
  expect(result.errors.length).toBeLessThanOrEqual(2)
  expect(result).toMatchObject({ interrupted: true, remaining: 20 - 5 - result.errors.length })
})

test('what is interrupted says how much is left, and goes on where it was ended', async () => {
  const objects = Array.from({ length: 50 }, (_, index) => configMap(`a${index}`))
  const abort = new AbortController()
  let done = 0
  const first = await imported(store, objects, {
    parallel: 4,
    signal: abort.signal,
    onOutcome: () => {
      if (++done === 10) abort.abort()
    },
  })
  expect(first).toMatchObject({ interrupted: true, total: 50 })
  expect(first.counts.created + first.remaining).toBe(50)
  expect(first.counts.created).toBeLessThan(20)
  const second = await imported(store, objects)
  expect(second.counts).toMatchObject({ unchanged: first.counts.created, created: first.remaining })
})
