import { type Manager, newControllerManagedBy, type Runnable } from '@k1s/controller-runtime'
import { beforeEach, describe, expect, it } from 'vitest'
import { ConfigMap, configMap, eachTest, Gate, Item, item, itemManager, until } from './semantics.ts'

const setting = eachTest()
let manager: Manager
let reconciled: string[]
beforeEach(() => {
  reconciled = []
})

const started = async (options?: Parameters<typeof setting.env.manager>[0]) => {
  manager = itemManager(setting.env, ({ name }) => void reconciled.push(`item ${name}`), undefined, options)
  setting.running = manager.start(setting.stop.signal)
  await setting.env.clock.advance(1000)
}

const addConfigMapController = (options: { needLeaderElection?: boolean } = {}) =>
  newControllerManagedBy(manager)
    .for(ConfigMap)
    .withOptions(options)
    .complete(({ namespace, name }) => {
      if (namespace === 'default') reconciled.push(`configmap ${name}`)
    })

describe('a controller that is added to a running manager', () => {
  it('begins with all objects, and goes on with events', async () => {
    await started()
    await setting.env.client.create(configMap('x'))
    addConfigMapController()
    await until(() => reconciled.length === 1)
    await setting.env.client.create(configMap('y'))
    await until(() => reconciled.length === 2)
    expect(reconciled).toEqual(['configmap x', 'configmap y'])
  })

  it('runs once if the manager has only just been started', async () => {
    await setting.env.client.create(configMap('x'))
    manager = setting.env.manager()
    setting.running = manager.start(setting.stop.signal)
    addConfigMapController()
    await setting.env.clock.advance(1000)
    expect(reconciled).toEqual(['configmap x'])
  })

  it.each([true, false])(
    'runs once if a runnable adds it that is being started (elected: %s)',
    async (needed) => {
      await setting.env.client.create(configMap('x'))
      manager = setting.env.manager()
      const options = { needLeaderElection: needed }
      manager.add({ ...options, start: async () => addConfigMapController(options) })
      setting.running = manager.start(setting.stop.signal)
      await setting.env.clock.advance(1000)
      expect(reconciled).toEqual(['configmap x'])
    },
  )

  it('ends with the manager, and runs when that is started again', async () => {
    await started()
    addConfigMapController()
    await setting.env.clock.advance(1000)
    setting.stop.abort()
    await setting.running
    await setting.env.client.create(configMap('x'))
    expect(reconciled).toEqual([])
    setting.stop = new AbortController()
    setting.running = manager.start(setting.stop.signal)
    await until(() => reconciled.length === 1)
    expect(reconciled).toEqual(['configmap x'])
  })

  it('is refused with a name that another has', async () => {
    await started()
    expect(() =>
      newControllerManagedBy(manager)
        .for(Item)
        .complete(() => {}),
    ).toThrow('controller with name item already exists')
  })

  it('waits until the manager is elected, unless it needs no election', async () => {
    await setting.env.client.create(configMap('x'))
    const leader = setting.env.manager({ leaderElection: { id: 'web', releaseOnCancel: true } })
    const stopLeader = new AbortController()
    const leading = leader.start(stopLeader.signal)
    await leader.elected
    await started({ leaderElection: { id: 'web' } })
    addConfigMapController()
    await setting.env.client.create(item('a'))
    newControllerManagedBy(manager)
      .for(Item)
      .named('everywhere')
      .withOptions({ needLeaderElection: false })
      .complete(() => void reconciled.push('everywhere'))
    await setting.env.clock.advance(5000)
    expect(reconciled).toEqual(['everywhere'])
    stopLeader.abort()
    await leading
    await setting.env.clock.advance(5000)
    expect(reconciled.sort()).toEqual(['configmap x', 'everywhere', 'item a'])
  })

  it('does not run in a triggered run that is under way, but in the next one', async () => {
    const gate = new Gate()
    await setting.env.client.create(item('a'))
    await setting.env.client.create(configMap('x'))
    manager = itemManager(setting.env, () => gate.opened)
    const running = manager.runOnce()
    await setting.env.clock.advance(100)
    addConfigMapController()
    gate.open()
    expect((await running).controllers.map(({ controller }) => controller)).toEqual(['item'])
    await manager.runOnce()
    expect(reconciled).toEqual(['configmap x'])
  })
})

describe('a runnable that is added to a running manager', () => {
  it('is started, and ends with the manager', async () => {
    await started()
    const events: string[] = []
    const runnable: Runnable = {
      async start(signal) {
        events.push('started')
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        events.push('ended')
      },
    }
    manager.add(runnable)
    await until(() => events.length > 0)
    setting.stop.abort()
    await setting.running
    expect(events).toEqual(['started', 'ended'])
  })

  it('ends the manager when it throws', async () => {
    await started()
    manager.add(() => Promise.reject(new Error('no luck')))
    const ended = setting.running
    setting.running = Promise.resolve()
    await expect(ended).rejects.toThrow('no luck')
  })
})

it('a check cannot be added to a running manager, whose endpoints are there', async () => {
  await started()
  expect(() => manager.addHealthzCheck('late', () => {})).toThrow(
    'the manager is running: a health check cannot be added',
  )
  expect(() => manager.addReadyzCheck('late', () => {})).toThrow(
    'the manager is running: a readiness check cannot be added',
  )
})

it('an index that is made in a running manager has the objects that are there', async () => {
  await setting.env.client.create(item('a', { labels: { color: 'red' } }))
  await setting.env.client.create(item('b', { labels: { color: 'blue' } }))
  await started()
  await manager.client.list(Item)
  manager.cache.indexField(Item, 'color', ({ metadata }) => [metadata.labels?.color ?? ''])
  const { items } = await manager.client.list(Item, { matchingFields: { color: 'red' } })
  expect(items.map(({ metadata }) => metadata.name)).toEqual(['a'])
})
