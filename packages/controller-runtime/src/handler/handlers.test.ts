import type { ObjectMeta, OwnerReference, Unstructured } from '@k1s/apimachinery'
import { beforeEach, describe, expect, test } from 'vitest'
import { RecordedQueue } from '../../test/recorded-queue.ts'
import { enqueueRequestForObject } from './enqueue-request-for-object.ts'
import { enqueueRequestForOwner } from './enqueue-request-for-owner.ts'
import { enqueueRequestsFromMapFunc } from './enqueue-requests-from-map-func.ts'
import type { EventHandler } from './event-handler.ts'
import { handlerFuncs } from './handler-funcs.ts'

const ReplicaSet = {
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  namespaced: true,
}
const Node = { group: '', version: 'v1', kind: 'Node', plural: 'nodes', namespaced: false }

let queue: RecordedQueue

beforeEach(() => {
  queue = new RecordedQueue()
})

describe('enqueueRequestForObject', () => {
  const handler = enqueueRequestForObject()

  test.each<[string, (object: Unstructured) => void]>([
    ['create', (object) => void handler.create?.({ object, isInInitialList: false }, queue)],
    ['delete', (object) => void handler.delete?.({ object, deleteStateUnknown: false }, queue)],
    ['generic', (object) => void handler.generic?.({ object }, queue)],
  ])('asks for the object of a %s event', (_, handle) => {
    handle(pod({}))
    expect(queue.requests).toEqual(['biz/baz'])
  })

  test('asks for the new object of an update, once', () => {
    handler.update?.(
      { objectOld: pod({ resourceVersion: '1' }), objectNew: pod({ resourceVersion: '2' }) },
      queue,
    )
    expect(queue.requests).toEqual(['biz/baz'])
  })

  test('asks for a cluster-scoped object without a namespace', () => {
    const object = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node' } }
    handler.create?.({ object, isInInitialList: false }, queue)
    expect(queue.requests).toEqual(['/node'])
  })
})

describe('enqueueRequestForOwner', () => {
  const foo = owner('apps/v1', 'ReplicaSet', 'foo')
  const bar = owner('apps/v1', 'ReplicaSet', 'bar')

  test.each<[string, OwnerReference[], string[]]>([
    ['of the kind', [foo], ['biz/foo']],
    ['of the kind in another version', [owner('apps/v1beta1', 'ReplicaSet', 'foo')], ['biz/foo']],
    ['of another group', [owner('extensions/v1', 'ReplicaSet', 'foo')], []],
    ['of the core group', [owner('v1', 'ReplicaSet', 'foo')], []],
    ['of another kind', [owner('apps/v1', 'Deployment', 'foo')], []],
    ['with an apiVersion that is none', [owner('apps/v1/v2', 'ReplicaSet', 'foo')], []],
    ['of the kind, two', [foo, owner('v1', 'Node', 'node'), bar], ['biz/foo', 'biz/bar']],
    ['none', [], []],
  ])('asks for owners %s', (_, ownerReferences, expected) => {
    const handler = enqueueRequestForOwner(ReplicaSet)
    handler.create?.({ object: pod({ ownerReferences }), isInInitialList: false }, queue)
    handler.delete?.({ object: pod({ ownerReferences }), deleteStateUnknown: false }, queue)
    handler.generic?.({ object: pod({ ownerReferences }) }, queue)
    expect(queue.requests).toEqual([...expected, ...expected, ...expected])
  })

  test('asks for the owners of the old and of the new object of an update, each once', () => {
    enqueueRequestForOwner(ReplicaSet).update?.(
      {
        objectOld: pod({ resourceVersion: '1', ownerReferences: [foo] }),
        objectNew: pod({ resourceVersion: '2', ownerReferences: [bar, foo] }),
      },
      queue,
    )
    expect(queue.requests).toEqual(['biz/foo', 'biz/bar'])
  })

  test('asks for the controller alone if it is told so', () => {
    const handler = enqueueRequestForOwner(ReplicaSet, { onlyControllerOwner: true })
    const ownerReferences = [foo, { ...bar, controller: true }]
    handler.generic?.({ object: pod({ ownerReferences }) }, queue)
    handler.generic?.({ object: pod({ ownerReferences: [foo] }) }, queue)
    expect(queue.requests).toEqual(['biz/bar'])
  })

  test('asks for no owner of the kind if another kind is the controller', () => {
    const handler = enqueueRequestForOwner(ReplicaSet, { onlyControllerOwner: true })
    const ownerReferences = [{ ...owner('v1', 'Node', 'node'), controller: true }, foo]
    handler.generic?.({ object: pod({ ownerReferences }) }, queue)
    expect(queue.requests).toEqual([])
  })

  test('asks for a cluster-scoped owner without a namespace', () => {
    const object = pod({ ownerReferences: [owner('v1', 'Node', 'node')] })
    enqueueRequestForOwner(Node).generic?.({ object }, queue)
    expect(queue.requests).toEqual(['/node'])
  })
})

describe('enqueueRequestsFromMapFunc', () => {
  const handler = enqueueRequestsFromMapFunc(({ metadata }) => [
    { namespace: 'foo', name: 'bar' },
    { namespace: 'biz', name: `${metadata.name}-mapped` },
    { namespace: 'foo', name: 'bar' },
  ])

  test.each<[string, (object: Unstructured) => void | Promise<void>]>([
    ['create', (object) => handler.create?.({ object, isInInitialList: false }, queue)],
    ['delete', (object) => handler.delete?.({ object, deleteStateUnknown: false }, queue)],
    ['generic', (object) => handler.generic?.({ object }, queue)],
  ])('asks for what the function makes of the object of a %s event, each once', async (_, handle) => {
    await handle(pod({}))
    expect(queue.requests).toEqual(['foo/bar', 'biz/baz-mapped'])
  })

  test('asks for what it makes of the old and of the new object of an update', async () => {
    await handler.update?.(
      { objectOld: pod({ resourceVersion: '1' }), objectNew: pod({ resourceVersion: '2', name: 'baz2' }) },
      queue,
    )
    expect(queue.requests).toEqual(['foo/bar', 'biz/baz-mapped', 'biz/baz2-mapped'])
  })

  test('waits for a function that has to look it up, and throws what it throws', async () => {
    const lookUp = enqueueRequestsFromMapFunc(async ({ metadata }) => {
      if (metadata.name === 'baz') return [{ namespace: 'foo', name: 'bar' }]
      throw new Error('not found')
    })
    await lookUp.generic?.({ object: pod({}) }, queue)
    expect(queue.requests).toEqual(['foo/bar'])
    await expect(lookUp.generic?.({ object: pod({ name: 'other' }) }, queue)).rejects.toThrow('not found')
  })
})

describe.each<[string, EventHandler]>([
  ['enqueueRequestForObject', enqueueRequestForObject()],
  ['enqueueRequestForOwner', enqueueRequestForOwner({ ...Node, kind: 'Owner', namespaced: true })],
  ['enqueueRequestsFromMapFunc', enqueueRequestsFromMapFunc(() => [{ namespace: 'biz', name: 'baz' }])],
  [
    'handlerFuncs',
    handlerFuncs({
      create: (_, q) => q.add({ namespace: 'biz', name: 'baz' }),
      update: (_, q) => q.add({ namespace: 'biz', name: 'baz' }),
      delete: (_, q) => q.add({ namespace: 'biz', name: 'baz' }),
      generic: (_, q) => q.add({ namespace: 'biz', name: 'baz' }),
    }),
  ],
])('%s', (_, handler) => {
  const ownerReferences = [owner('v1', 'Owner', 'baz')]
  const before = pod({ resourceVersion: '1', ownerReferences })
  const after = pod({ resourceVersion: '2', ownerReferences })

  test('gives objects of the initial list a low priority', async () => {
    await handler.create?.({ object: before, isInInitialList: true }, queue)
    await handler.create?.({ object: before, isInInitialList: false }, queue)
    expect(queue.requests).toEqual(['biz/baz@-100', 'biz/baz'])
  })

  test('gives updates that change nothing a low priority', async () => {
    await handler.update?.({ objectOld: before, objectNew: before }, queue)
    await handler.update?.({ objectOld: before, objectNew: after }, queue)
    expect(queue.requests).toEqual(['biz/baz@-100', 'biz/baz'])
  })

  test('gives deletions and other events no priority', async () => {
    await handler.delete?.({ object: before, deleteStateUnknown: true }, queue)
    await handler.generic?.({ object: before }, queue)
    expect(queue.requests).toEqual(['biz/baz', 'biz/baz'])
  })
})

describe('handlerFuncs', () => {
  const request = { namespace: 'biz', name: 'baz' }

  test('keeps the priority and the delay that a function asks for', () => {
    const handler = handlerFuncs({
      create: (_, q) => {
        q.add(request, { priority: 7, after: 10 })
        q.addAfter(request, 20)
        q.addRateLimited(request)
      },
    })
    handler.create?.({ object: pod({}), isInInitialList: true }, queue)
    expect(queue.added.map(({ options }) => options)).toEqual([
      { priority: 7, after: 10 },
      { priority: -100, after: 20 },
      { priority: -100, rateLimited: true },
    ])
  })

  test('ignores events for which there is no function', () => {
    handlerFuncs({}).create?.({ object: pod({}), isInInitialList: false }, queue)
    handlerFuncs({}).delete?.({ object: pod({}), deleteStateUnknown: false }, queue)
    expect(queue.requests).toEqual([])
  })
})

function pod(metadata: ObjectMeta): Unstructured {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'biz', name: 'baz', ...metadata } }
}

function owner(apiVersion: string, kind: string, name: string): OwnerReference {
  return { apiVersion, kind, name, uid: `uid-of-${name}` }
}
