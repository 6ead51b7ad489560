import {
  functionSource,
  newControllerManagedBy,
  type Reconciler,
  type RunReport,
  type Trigger,
} from '@k1s/controller-runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  ConfigMap,
  configMap,
  type FakeEnvironment,
  fakeEnvironment,
  Gate,
  Item,
  item,
  itemManager,
  until,
} from './semantics.ts'

// Triggered runs beside others, and beside running managers: none waits for what never comes, nor ends too early.

let env: FakeEnvironment
beforeEach(async () => {
  env = await fakeEnvironment()
})
afterEach(() => env.close())

const outcomes = ({ controllers }: RunReport) => controllers.map(({ outcome }) => outcome)

/** How a run ends that has as many milliseconds. */
async function outcomesWithin(duration: number, running: Promise<RunReport>): Promise<readonly string[]> {
  await env.clock.advance(duration)
  return outcomes(await running)
}

describe('two runs that are each the holder of a controller that the other one wants', () => {
  /** A manager of two controllers, whose reconciles end when the gates are open. */
  const twoControllers = (itemGate?: Gate, configGate?: Gate) => {
    const manager = env.manager()
    const items = newControllerManagedBy(manager)
      .for(Item)
      .build(() => itemGate?.opened)
    const configs = newControllerManagedBy(manager)
      .for(ConfigMap)
      .build(() => configGate?.opened)
    return Object.assign(manager, { items, configs })
  }

  /** The first has looked at ConfigMaps before there was one for the second. */
  const crossed = async (itemGate: Gate, configGate?: Gate) => {
    await twoControllers().runOnce()
    await env.client.create(item('a'))
    const first = twoControllers(itemGate)
    const running = first.runOnce({ deadline: '1m' })
    await until(() => first.items.active.size > 0)
    await env.client.create(configMap('b'))
    const second = twoControllers(undefined, configGate)
    const other = second.runOnce({ deadline: '1m' })
    await until(() => second.configs.reconciles + second.configs.active.size > 0)
    return [running, other] as const
  }

  it('end when neither has anything to do', async () => {
    const gate = new Gate()
    const [first, second] = await crossed(gate)
    gate.open()
    expect(await outcomesWithin(1000, first)).toEqual(['idle', 'elsewhere'])
    expect(outcomes(await second)).toEqual(['elsewhere', 'idle'])
  })

  it('do not end before the other has done what was there at the last look', async () => {
    const [itemGate, configGate] = [new Gate(), new Gate()]
    const [first, second] = await crossed(itemGate, configGate)
    let hasEnded = false
    void first.then(() => {
      hasEnded = true
    })
    itemGate.open()
    await env.clock.advance(5000)
    expect(hasEnded).toBe(false)
    configGate.open()
    expect(await outcomesWithin(1000, first)).toEqual(['idle', 'elsewhere'])
    await second
  })
})

it('a run does what it made necessary for a controller that another run was done with', async () => {
  const names: string[] = []
  const before = env.manager()
  newControllerManagedBy(before)
    .for(ConfigMap)
    .complete(() => undefined)
  await before.runOnce()
  await env.client.create(item('a'))
  await env.client.create(configMap('before'))
  const [hasLooked, gate] = [new Gate(), new Gate()]
  const first = env.manager()
  const configs = newControllerManagedBy(first)
    .for(ConfigMap)
    .build(async ({ name }) => {
      names.push(name)
      await gate.opened
    })
  const running = first.runOnce()
  await until(() => configs.active.size > 0)
  const second = env.manager()
  newControllerManagedBy(second)
    .for(Item)
    .complete(async () => {
      await hasLooked.opened
      gate.open()
      await running
      await env.client.create(configMap('after'))
    })
  newControllerManagedBy(second)
    .for(ConfigMap)
    .complete(({ name }) => void names.push(name))
  const other = second.runOnce({ deadline: '1m' })
  await env.clock.advance(10)
  hasLooked.open()
  expect(await outcomesWithin(1000, other)).toEqual(['idle', 'idle'])
  expect(names).toEqual(['before', 'after'])
})

it('a run waits once more for others that hold a controller for which it made something necessary', async () => {
  const blocked = (gate: Gate) => {
    const manager = env.manager()
    const controller = newControllerManagedBy(manager)
      .for(ConfigMap)
      .build(() => gate.opened)
    return { running: manager.runOnce(), isActive: () => controller.active.size > 0 }
  }
  const before = env.manager()
  newControllerManagedBy(before)
    .for(ConfigMap)
    .complete(() => undefined)
  await before.runOnce()
  await env.client.create(item('a'))
  await env.client.create(configMap('before'))
  const [hasLooked, mayWork, mayWorkAgain] = [new Gate(), new Gate(), new Gate()]
  const first = blocked(mayWork)
  await until(first.isActive)
  let last: ReturnType<typeof blocked> | undefined
  const waiting = env.manager()
  newControllerManagedBy(waiting)
    .for(Item)
    .complete(async () => {
      await hasLooked.opened
      mayWork.open()
      await first.running
      await env.client.create(configMap('after'))
      last = blocked(mayWorkAgain)
      await until(last.isActive)
    })
  newControllerManagedBy(waiting)
    .for(ConfigMap)
    .complete(() => undefined)
  const run = waiting.runOnce({ deadline: '1m' })
  await env.clock.advance(10)
  hasLooked.open()
  await until(() => last?.isActive() === true)
  await env.clock.advance(500)
  mayWorkAgain.open()
  await last?.running
  expect(await outcomesWithin(1000, run)).toEqual(['idle', 'elsewhere'])
})

it('a run sees what the holder of a controller wrote while it was asked whether it is done', async () => {
  const names: string[] = []
  const twoControllers = (gate?: Gate) => {
    const manager = env.manager()
    const items = newControllerManagedBy(manager)
      .for(Item)
      .build(({ name }) => void names.push(name))
    const configs = newControllerManagedBy(manager)
      .for(ConfigMap)
      .build(async () => {
        await gate?.opened
        if (gate !== undefined) await env.client.create(item('b'))
      })
    return Object.assign(manager, { items, configs })
  }
  await twoControllers().runOnce()
  await env.client.create(configMap('c'))
  const gate = new Gate()
  const first = twoControllers(gate)
  const running = first.runOnce({ controllers: ['configmap'] })
  await until(() => first.configs.active.size > 0)
  await env.client.create(item('a'))
  const second = twoControllers().runOnce({ deadline: '1m' })
  await until(() => names.includes('a'))
  env.faults.latency({ verb: 'get', resource: ConfigMap, delay: 10 })
  await env.clock.advance(500)
  const asked = env.requests.of({ verb: 'get', resource: ConfigMap }).length
  while (env.requests.of({ verb: 'get', resource: ConfigMap }).length === asked) await env.clock.advance(1)
  gate.open()
  await running
  expect(await outcomesWithin(1000, second)).toEqual(['idle', 'elsewhere'])
  expect(names).toEqual(['a', 'b'])
})

it('a run lets go of a controller that failed, though it goes on with others', async () => {
  await env.client.create(item('a'))
  await env.client.create(configMap('b'))
  const gate = new Gate()
  const manager = env.manager()
  const failing = newControllerManagedBy(manager)
    .for(ConfigMap, {
      predicates: [
        {
          create() {
            throw new Error('no luck')
          },
        },
      ],
    })
    .build(() => undefined)
  const busy = newControllerManagedBy(manager)
    .for(Item)
    .build(() => gate.opened)
  const running = manager.runOnce()
  await until(() => busy.active.size > 0)
  const other = env.manager()
  newControllerManagedBy(other)
    .for(ConfigMap)
    .complete(() => undefined)
  expect(await outcomesWithin(1000, other.runOnce({ deadline: '1s' }))).toEqual(['idle'])
  gate.open()
  expect(await running).toMatchObject({
    controllers: [
      {
        controller: failing.name,
        outcome: 'failed',
        error: { message: 'failed to handle ConfigMap default/b: no luck' },
      },
      { controller: busy.name, outcome: 'idle', reconciles: 1 },
    ],
  })
})

describe('a run beside a running manager', () => {
  it('does not wait for a period that is over, if there were no objects', async () => {
    const everyMinute: Trigger = { type: 'periodic', every: '1m' }
    const periodic = () =>
      itemManager(
        env,
        () => undefined,
        (builder) => builder.withTrigger(everyMinute),
      )
    const stop = new AbortController()
    const running = periodic().start(stop.signal)
    await env.clock.advance(90_000)
    const run = periodic().runOnce({ deadline: '5s' })
    expect(await outcomesWithin(5000, run)).toEqual(['idle'])
    stop.abort()
    await running
  })

  it('does not wait for a period of a controller that watches no kind', async () => {
    const manager = () => {
      const made = env.manager()
      newControllerManagedBy(made)
        .named('clock')
        .watchesRawSource(functionSource('ticks', () => Promise.resolve()))
        .withTrigger({ type: 'periodic', every: '1h' })
        .complete(() => undefined)
      return made
    }
    const stop = new AbortController()
    const running = manager().start(stop.signal)
    await env.clock.advance(1000)
    expect(await outcomesWithin(5000, manager().runOnce({ deadline: '5s' }))).toEqual(['idle'])
    stop.abort()
    await running
  })

  it('does not wait for requests that became due only since it began', async () => {
    const polling = () => itemManager(env, () => ({ requeueAfter: 280 }))
    const stop = new AbortController()
    const running = polling().start(stop.signal)
    // From now on, one is due every seven milliseconds.
    for (let index = 0; index < 40; index++) {
      await env.client.create(item(`i${index}`))
      await env.clock.advance(7)
    }
    for (let round = 0; round < 5; round++) {
      await env.clock.advance(11)
      const run = polling().runOnce({ deadline: '1s' })
      expect(await outcomesWithin(1000, run)).toEqual(['elsewhere'])
    }
    stop.abort()
    await running
  })

  it('waits until that has reconciled what was due', async () => {
    await env.client.create(item('a'))
    const gate = new Gate()
    const following = itemManager(env, () => gate.opened)
    const stop = new AbortController()
    const running = following.start(stop.signal)
    await until(() => following.controller.active.size > 0)
    await env.clock.advance(10_000)
    let hasEnded = false
    const run = itemManager(env, () => undefined).runOnce({ deadline: '1m' })
    void run.then(() => {
      hasEnded = true
    })
    await env.clock.advance(20_000)
    expect(hasEnded).toBe(false)
    gate.open()
    expect(await outcomesWithin(1000, run)).toEqual(['elsewhere'])
    stop.abort()
    await running
  })

  it('finds its work done in one of several namespaces, though nothing happened in the others', async () => {
    await env.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'quiet' } })
    const names: string[] = []
    const manager = () =>
      itemManager(env, ({ name }) => void names.push(name), undefined, { namespaces: ['default', 'quiet'] })
    const stop = new AbortController()
    const running = manager().start(stop.signal)
    await env.clock.advance(1000)
    await env.client.create(item('a'))
    const run = manager().runOnce({ deadline: '10s' })
    expect(await outcomesWithin(10_000, run)).toEqual(['elsewhere'])
    expect(names).toEqual(['a'])
    stop.abort()
    await running
  })
})

describe('a run by name of a controller without the trigger event, which a running manager holds', () => {
  const stop = new Map<AbortController, Promise<void>>()
  afterEach(async () => {
    for (const [controller, running] of stop) {
      controller.abort()
      await running
    }
    stop.clear()
  })

  const hourly = (reconcile: Reconciler['reconcile'] = () => undefined) =>
    itemManager(env, reconcile, (builder) => builder.withTrigger({ type: 'periodic', every: '1h' }))
  const started = (manager: ReturnType<typeof hourly>) => {
    const controller = new AbortController()
    stop.set(controller, manager.start(controller.signal))
    return manager
  }
  const named = { controllers: ['item'], deadline: '10s' }

  it('has the Lease of it, and the manager goes on when the run has ended', async () => {
    const manager = started(hourly())
    await env.clock.advance(5000)
    await env.client.create(item('a'))
    const run = hourly().runOnce(named)
    await env.clock.advance(5000)
    expect((await run).controllers).toMatchObject([{ outcome: 'idle', reconciles: 1 }])
    expect(manager.controller.reconciles).toBe(0)
    await env.clock.advance(3_600_000)
    expect(manager.controller.reconciles).toBe(1)
    expect(env.logs.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('waits for what that is reconciling, however long it takes', async () => {
    await env.client.create(item('a'))
    const gate = new Gate()
    let isAborted = false
    const manager = started(
      hourly(async (_, { signal }) => {
        signal.addEventListener('abort', () => {
          isAborted = true
        })
        await gate.opened
      }),
    )
    await until(() => manager.controller.active.size > 0)
    let reconciles = 0
    const run = hourly(() => void reconciles++).runOnce({ ...named, deadline: '10m' })
    await env.clock.advance(120_000)
    expect([isAborted, reconciles]).toEqual([false, 0])
    gate.open()
    await env.clock.advance(1000)
    expect(await outcomesWithin(1000, run)).toEqual(['idle'])
    expect(reconciles).toBe(1)
  })

  it('does not keep it from the manager if it goes away meanwhile', async () => {
    await env.client.create(item('a'))
    const gate = new Gate()
    const manager = started(hourly(() => gate.opened))
    await until(() => manager.controller.active.size > 0)
    const run = hourly().runOnce(named)
    expect(await outcomesWithin(20_000, run)).toEqual(['interrupted'])
    gate.open()
    await env.clock.advance(3_600_000)
    expect(manager.controller.reconciles).toBe(2)
  })

  it('has it in turn with other such runs', async () => {
    started(hourly())
    await env.clock.advance(5000)
    await env.client.create(item('a'))
    const runs = [1, 2, 3].map(() => hourly().runOnce(named))
    await env.clock.advance(10_000)
    const reports = await Promise.all(runs)
    expect(reports.flatMap(outcomes).filter((outcome) => outcome === 'interrupted')).toEqual([])
    const reconciles = reports.map(({ controllers }) => controllers[0]?.reconciles)
    expect(reconciles.filter((count) => count === 1)).toHaveLength(1)
  })
})
