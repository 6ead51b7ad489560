import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import {
  type ControllerBuilder,
  enqueueRequestForObject,
  enqueueRequestsFromMapFunc,
  generationChanged,
  type Manager,
  newControllerManagedBy,
  predicateFuncs,
  setControllerReference,
  setOwnerReference,
} from '@k1s/controller-runtime'
import { beforeEach, describe, expect, it } from 'vitest'
import { ConfigMap, configMap, eachTest, Item, item, until } from './semantics.ts'

const setting = eachTest()
let manager: Manager
let names: string[]
beforeEach(() => {
  manager = setting.env.manager()
  names = []
})

const build = (make: (builder: ControllerBuilder) => ControllerBuilder) =>
  make(newControllerManagedBy(manager)).build(({ namespace, name }) => {
    names.push(namespace === '' ? name : `${namespace}/${name}`)
  })

/** How a controller comes to know of what happened: it is watching, or looks. */
const ways: readonly (readonly [string, { begin(): Promise<unknown>; notice(): Promise<unknown> }])[] = [
  [
    'a running manager',
    {
      async begin() {
        setting.running = manager.start(setting.stop.signal)
        // It keeps how far it is once it has seen what there is.
        while (!(await hasState())) await setting.env.clock.advance(100)
      },
      notice: () => setting.env.clock.advance(100),
    },
  ],
  ['a triggered run', { begin: () => manager.runOnce(), notice: () => manager.runOnce() }],
]

const hasState = () =>
  setting.env.client.get(ConfigMap, { namespace: 'kube-system', name: 'k1s-controller-item' }).then(
    () => true,
    () => false,
  )

describe.each(ways)('%s', (_, { begin, notice }) => {
  /** What is asked for by what happens in `change`. */
  async function requestsOf(change: () => Promise<unknown>): Promise<string[]> {
    await begin()
    names.length = 0
    await change()
    await notice()
    return names.sort()
  }

  it('reconciles an object of its kind when that is created, changed and deleted', async () => {
    build((builder) => builder.for(Item))
    await setting.env.client.create(item('changed'))
    await setting.env.client.create(item('deleted'))
    await setting.env.client.create(item('untouched'))
    const change = async () => {
      await setting.env.client.create(item('created'))
      await setting.env.client.update({
        ...(await setting.env.client.get(Item, { name: 'changed' })),
        spec: { quantity: 2 },
      })
      await setting.env.client.delete(Item, { name: 'deleted' })
    }
    expect(await requestsOf(change)).toEqual(['default/changed', 'default/created', 'default/deleted'])
  })

  it('reconciles the controller among the owners of an object that it owns', async () => {
    build((builder) => builder.for(Item).owns(ConfigMap))
    const [controller, other] = [
      await setting.env.client.create(item('controller')),
      await setting.env.client.create(item('other')),
    ]
    const owned = configMap('owned', { namespace: 'default' })
    setControllerReference(controller, owned)
    setOwnerReference(other, owned)
    expect(await requestsOf(() => setting.env.client.create(owned))).toEqual(['default/controller'])
  })

  it('reconciles every owner with matchEveryOwner', async () => {
    build((builder) => builder.for(Item).owns(ConfigMap, { matchEveryOwner: true }))
    const [controller, other] = [
      await setting.env.client.create(item('controller')),
      await setting.env.client.create(item('other')),
    ]
    const owned = configMap('owned', { namespace: 'default' })
    setControllerReference(controller, owned)
    setOwnerReference(other, owned)
    expect(await requestsOf(() => setting.env.client.create(owned))).toEqual([
      'default/controller',
      'default/other',
    ])
  })

  it('reconciles what the map function of another kind says, of an update for the old and the new object', async () => {
    const byLabel = enqueueRequestsFromMapFunc(({ metadata }) =>
      metadata.labels?.item === undefined ? [] : [{ namespace: 'default', name: metadata.labels.item }],
    )
    build((builder) => builder.for(Item).watches(ConfigMap, byLabel))
    await setting.env.client.create(configMap('settings', { labels: { item: 'old' } }))
    const change = async () => {
      const found = await setting.env.client.get(ConfigMap, { name: 'settings' })
      await setting.env.client.update({ ...found, metadata: { ...found.metadata, labels: { item: 'new' } } })
    }
    expect(await requestsOf(change)).toEqual(['default/new', 'default/old'])
  })

  it('asks the predicates of a kind about its own events only, and event filters about all', async () => {
    const withLabel = (label: string) =>
      predicateFuncs<KubernetesObject>(({ metadata }) => metadata.labels?.[label] !== undefined)
    const byName = enqueueRequestsFromMapFunc(({ metadata: { name = '' } }) => [
      { namespace: '', name: `map-${name}` },
    ])
    build((builder) =>
      builder
        .for(Item, [withLabel('a')])
        .watches(ConfigMap, byName, { predicates: [withLabel('b')] })
        .withEventFilter(withLabel('c')),
    )
    const change = async () => {
      await setting.env.client.create(item('i-a', { labels: { a: '' } }))
      await setting.env.client.create(item('i-c', { labels: { c: '' } }))
      await setting.env.client.create(item('i-ac', { labels: { a: '', c: '' } }))
      await setting.env.client.create(configMap('m-ac', { labels: { a: '', c: '' } }))
      await setting.env.client.create(configMap('m-bc', { labels: { b: '', c: '' } }))
    }
    expect(await requestsOf(change)).toEqual(['default/i-ac', 'map-m-bc'])
  })

  it('does not reconcile for its own updates of the status with generationChanged', async () => {
    build((builder) => builder.for(Item).withEventFilter(generationChanged))
    await setting.env.client.create(item('a'))
    await setting.env.client.create(item('b'))
    const change = async () => {
      const a = await setting.env.client.get(Item, { name: 'a' })
      await setting.env.client.status.update({ ...a, status: { seen: 1 } })
      const b = await setting.env.client.get(Item, { name: 'b' })
      await setting.env.client.update({ ...b, spec: { quantity: 9 } })
    }
    expect(await requestsOf(change)).toEqual(['default/b'])
  })

  it('hands metadata only to handlers and predicates with onlyMetadata', async () => {
    const seen: Unstructured[] = []
    const handler = enqueueRequestsFromMapFunc((object) => {
      seen.push(object)
      return []
    })
    const keep = predicateFuncs((object: Unstructured) => void seen.push(object) === undefined)
    build((builder) =>
      builder.for(Item).watches(ConfigMap, handler, { onlyMetadata: true, predicates: [keep] }),
    )
    await begin()
    seen.length = 0
    await setting.env.client.create({
      ...configMap('settings', { labels: { a: 'b' } }),
      data: { secret: 'x' },
    } as Unstructured)
    await notice()
    await until(() => seen.length >= 2)
    expect(seen).toHaveLength(2)
    for (const object of seen) {
      expect(object.metadata).toMatchObject({ name: 'settings', labels: { a: 'b' } })
      expect(object.data).toBeUndefined()
    }
  })

  it('hands events of one kind to each of its watches', async () => {
    const copy = enqueueRequestsFromMapFunc<Item>(({ metadata: { name = '' } }) => [
      { namespace: '', name: `copy-of-${name}` },
    ])
    build((builder) => builder.for(Item).watches(Item, copy))
    expect(await requestsOf(() => setting.env.client.create(item('a')))).toEqual(['copy-of-a', 'default/a'])
  })

  it('hands what happens while the first of two watches of a kind is told of to both', async () => {
    let hasWritten = false
    const writing = enqueueRequestsFromMapFunc<Item>(async ({ metadata: { name = '' } }) => {
      if (name === 'a' && !hasWritten) {
        hasWritten = true
        await setting.env.client.create(item('b'))
      }
      return [{ namespace: '', name: `first-${name}` }]
    })
    const second = enqueueRequestsFromMapFunc<Item>(({ metadata: { name = '' } }) => [
      { namespace: '', name: `second-${name}` },
    ])
    build((builder) => builder.named('item').watches(Item, writing).watches(Item, second))
    const requests = await requestsOf(() => setting.env.client.create(item('a')))
    expect([...new Set(requests)]).toEqual(['first-a', 'first-b', 'second-a', 'second-b'])
  })

  it('is not told of what controllers keep, so that watching ConfigMaps comes to rest', async () => {
    build((builder) => builder.named('item').watches(ConfigMap, enqueueRequestForObject()))
    const other = newControllerManagedBy(manager).named('other')
    other.for(ConfigMap).complete(({ name }) => void names.push(name))
    const change = async () => {
      await setting.env.client.create(configMap('settings'))
      await notice()
      await setting.env.clock.advance(20_000)
      await notice()
    }
    expect(await requestsOf(change)).toEqual(['default/settings', 'settings'])
    const isSave = { verb: 'update', resource: 'configmaps', namespace: 'kube-system' } as const
    expect(setting.env.requests.of(isSave).length).toBeLessThanOrEqual(6)
    setting.env.requests.clear()
    await notice()
    await setting.env.clock.advance(20_000)
    expect(setting.env.requests.of(isSave).length).toBe(0)
  })

  it('sees the namespaces of the manager only', async () => {
    await setting.env.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } })
    manager = setting.env.manager({ namespaces: ['other'] })
    build((builder) => builder.for(Item))
    const change = async () => {
      await setting.env.client.create(item('a'))
      await setting.env.client.create(item('a', { namespace: 'other' }))
    }
    expect(await requestsOf(change)).toEqual(['other/a'])
  })

  it('sees what has no namespace, whatever the namespaces of the manager', async () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'another' } }
    const Namespace = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false }
    manager = setting.env.manager({ namespaces: ['default', 'other'] })
    build((builder) => builder.named('item').watches(Namespace, enqueueRequestForObject()))
    const requests = await requestsOf(() => setting.env.client.create(namespace))
    expect([...new Set(requests)]).toEqual(['another'])
  })

  it('sees all namespaces if the manager names none', async () => {
    manager = setting.env.manager({ namespaces: [] })
    build((builder) => builder.for(Item))
    expect(await requestsOf(() => setting.env.client.create(item('a')))).toEqual(['default/a'])
  })
})

describe('the builder', () => {
  const complete = (make: (builder: ControllerBuilder) => ControllerBuilder) => () => void build(make)

  it('takes options of the manager, and those of the controller before them', () => {
    manager = setting.env.manager({ controller: { maxConcurrentReconciles: 4, cacheSyncTimeout: '1m' } })
    expect(build((builder) => builder.for(Item)).maxConcurrentReconciles).toBe(4)
    const named = build((builder) =>
      builder.for(Item).named('two').withOptions({ maxConcurrentReconciles: 2 }),
    )
    expect(named.maxConcurrentReconciles).toBe(2)
    expect(named.options.cacheSyncTimeout).toBe('1m')
  })

  it('refuses a name that another controller of the manager has', () => {
    build((builder) => builder.for(Item))
    expect(complete((builder) => builder.for(Item))).toThrow(
      'controller with name item already exists. Controller names must be unique, since the Lease, the state and the metrics of a controller are kept under its name: give this one another with named()',
    )
  })

  class ItemReconciler {
    reconcile() {}
  }

  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'must provide a non-nil Reconciler'],
    ['null', null, 'must provide a non-nil Reconciler'],
    ['an object', { reconcil() {} }, 'a reconciler is a function or has a method reconcile'],
    ['a class', ItemReconciler, 'ItemReconciler is a class: a reconciler is an instance of it'],
  ])('refuses %s as a reconciler', (_, reconciler, message) => {
    const builder = newControllerManagedBy(setting.env.manager()).for(Item)
    expect(() => builder.complete(reconciler as never)).toThrow(message)
  })

  it.each<[string, (builder: ControllerBuilder) => ControllerBuilder, string]>([
    [
      'two calls of for',
      (builder) => builder.for(Item).for(ConfigMap),
      'for(...) should only be called once',
    ],
    [
      'owns without for',
      (builder) => builder.named('x').owns(ConfigMap),
      'owns() can only be used together with for()',
    ],
    [
      'no watches',
      (builder) => builder.named('x'),
      'there are no watches configured, controller will never get triggered',
    ],
    [
      'no name',
      (builder) =>
        builder.watches(
          Item,
          enqueueRequestsFromMapFunc<Item>(() => []),
        ),
      'one of for() or named() must be called',
    ],
    ['a name that is no label', (builder) => builder.for(Item).named('No Label'), '"No Label"'],
    [
      'no workers',
      (builder) => builder.for(Item).withOptions({ maxConcurrentReconciles: 0 }),
      'maxConcurrentReconciles',
    ],
  ])('refuses %s', (_, make, message) => {
    expect(complete(make)).toThrow(message)
  })
})
