import type { KubernetesObject } from '@k1s/apimachinery'
import { enqueueRequestsFromMapFunc, type Manager, newControllerManagedBy } from '@k1s/controller-runtime'
import { beforeEach, describe, expect, it } from 'vitest'
import { ConfigMap, configMap, eachTest, Item, item, itemManager, until } from './semantics.ts'

const setting = eachTest()
let reconciled: string[]
let mapped: string[]
beforeEach(() => {
  reconciled = []
  mapped = []
})

/** Asks for all Items, which it has to read, whatever ConfigMap there is. */
const allItems = (manager: Manager) =>
  enqueueRequestsFromMapFunc<KubernetesObject>(async ({ metadata }) => {
    mapped.push(metadata.name ?? '')
    const { items } = await manager.apiReader.list(Item, { namespace: 'default' })
    return items.map((found) => ({ namespace: 'default', name: found.metadata.name ?? '' }))
  })

/** A manager as another process would make it, with a controller that needs no Items but for its handler. */
function mapping(): Manager {
  const manager = setting.env.manager()
  newControllerManagedBy(manager)
    .named('mapping')
    .watches(ConfigMap, allItems(manager))
    .complete(({ name }) => void reconciled.push(name))
  return manager
}

const failReads = (times: number) =>
  setting.env.faults.fail({ verb: 'list', resource: Item, error: new Error('connection reset'), times })

const startedMapping = async () => {
  await setting.env.client.create(item('a'))
  const manager = mapping()
  setting.running = manager.start(setting.stop.signal)
  await setting.env.clock.advance(1000)
  return manager
}

const failures = () => setting.env.logs.filter(({ message }) => message === 'An event could not be handled')

describe('a handler that throws, in a running manager', () => {
  it('is told of the same event again, after longer and longer waits, and then of the next one', async () => {
    await startedMapping()
    failReads(3)
    await setting.env.client.create(configMap('x'))
    await setting.env.client.create(configMap('y'))
    await until(() => mapped.length === 1)
    await setting.env.clock.advance(699)
    expect(mapped).toEqual(['x', 'x', 'x'])
    await setting.env.clock.advance(1)
    await until(() => reconciled.length > 0)
    expect(mapped).toEqual(['x', 'x', 'x', 'x', 'y'])
    expect(reconciled).toContain('a')
  })

  it('is logged with the controller and the object', async () => {
    await startedMapping()
    failReads(1)
    await setting.env.client.create(configMap('x'))
    await setting.env.clock.advance(1000)
    expect(failures()).toMatchObject([
      {
        level: 'error',
        error: new Error('connection reset'),
        values: {
          controller: 'mapping',
          source: 'kind source: ConfigMap',
          object: { namespace: 'default', name: 'x' },
        },
      },
    ])
  })

  it('holds up no other controller', async () => {
    const manager = mapping()
    const others: string[] = []
    newControllerManagedBy(manager)
      .for(ConfigMap)
      .complete(({ name }) => void others.push(name))
    setting.running = manager.start(setting.stop.signal)
    await setting.env.clock.advance(1000)
    failReads(Number.POSITIVE_INFINITY)
    await setting.env.client.create(configMap('x'))
    await until(() => others.length === 1)
    await setting.env.client.create(configMap('y'))
    await until(() => others.length === 2)
    expect(failures()).not.toEqual([])
  })

  it('ends no manager, however long it throws for an object that was there when that started', async () => {
    for (const object of [item('a'), configMap('x')]) await setting.env.client.create(object)
    let isBroken = true
    const broken = enqueueRequestsFromMapFunc<KubernetesObject>(() => {
      if (isBroken) throw new Error('no luck')
      return [{ namespace: 'default', name: 'mapped' }]
    })
    const manager = itemManager(
      setting.env,
      ({ name }) => void reconciled.push(name),
      (builder) => builder.watches(ConfigMap, broken),
    )
    setting.running = manager.start(setting.stop.signal)
    await setting.env.clock.advance(300_000)
    await setting.env.client.create(item('b'))
    await until(() => reconciled.length === 2)
    isBroken = false
    await setting.env.clock.advance(30_000)
    expect(reconciled).toEqual(['a', 'b', 'mapped'])
  })

  it('is told of the event by the next process if this one ends before', async () => {
    await startedMapping()
    failReads(Number.POSITIVE_INFINITY)
    await setting.env.client.create(configMap('x'))
    await until(() => failures().length > 0)
    setting.stop.abort()
    await setting.running
    setting.env.faults.clear()
    await mapping().runOnce()
    expect(mapped.at(-1)).toBe('x')
    expect(reconciled).toEqual(['a'])
  })
})

describe('a handler that throws, in a triggered run', () => {
  it('fails the controller with the name of the object, and is told of it by the next run', async () => {
    await setting.env.client.create(item('a'))
    await mapping().runOnce()
    await setting.env.client.create(configMap('x'))
    failReads(1)
    const [report] = (await mapping().runOnce()).controllers
    expect(report).toMatchObject({ outcome: 'failed', reconciles: 0 })
    expect(String(report?.error)).toBe('Error: failed to handle ConfigMap default/x: connection reset')
    await mapping().runOnce()
    expect(reconciled).toEqual(['a'])
  })
})

it('a map function that fails for one of two objects of an update asks for nothing', async () => {
  const added: string[] = []
  const queue = { add: ({ name }: { name: string }) => void added.push(name) }
  const handler = enqueueRequestsFromMapFunc<KubernetesObject>(({ metadata }) => {
    if (metadata.name === 'new') throw new Error('no luck')
    return [{ namespace: '', name: 'old' }]
  })
  const event = { objectOld: configMap('old'), objectNew: configMap('new') }
  await expect(handler.update?.(event, queue as never)).rejects.toThrow('no luck')
  expect(added).toEqual([])
})

describe('a running manager that cannot read what was removed while it was away', () => {
  it('tries again, and reconciles it', async () => {
    await setting.env.client.create(item('a'))
    const removing = () => itemManager(setting.env, ({ name }) => void reconciled.push(name))
    await removing().runOnce()
    await setting.env.client.delete(Item, { name: 'a' })
    setting.env.faults.fail({ verb: 'changes', resource: Item, error: new Error('no server'), times: 2 })
    setting.running = removing().start(setting.stop.signal)
    await setting.env.clock.advance(1000)
    expect(reconciled).toEqual(['a', 'a'])
    expect(setting.env.logs).toContainEqual(
      expect.objectContaining({ message: 'Failed to look for what was removed' }),
    )
  })
})
