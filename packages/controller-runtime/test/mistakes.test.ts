import {
  afterWrite,
  enqueueRequestForObject,
  newControllerManagedBy,
  type Trigger,
} from '@k1s/controller-runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeEnvironment, fakeEnvironment, Item, item, itemManager } from './semantics.ts'

let env: FakeEnvironment
beforeEach(async () => {
  env = await fakeEnvironment()
})
afterEach(() => env.close())

describe('a trigger', () => {
  const added = (trigger: unknown) => () =>
    itemManager(
      env,
      () => {},
      (builder) => builder.withTrigger(trigger as Trigger),
    )

  it('has a period of more than 0', () => {
    expect(added({ type: 'periodic', every: '0s' })).toThrow(
      'the period of a trigger has to be more than 0, not 0s',
    )
    expect(added({ type: 'periodic', every: -1000 })).toThrow('not -1000')
    expect(added({ type: 'periodic', every: '1 hour' })).toThrow('unknown unit " hour"')
  })

  it('says which option its period is', () => {
    expect(added({ type: 'periodic' })).toThrow('withTrigger: periodic: every is missing')
    expect(added({ type: 'periodic', every: '1 hour' })).toThrow('withTrigger: periodic: every: ')
    expect(added({ type: 'periodic', every: null })).toThrow(
      'withTrigger: periodic: every: null is no duration',
    )
  })

  it('has the fields of its type', () => {
    expect(added({ type: 'event', every: '1h' })).toThrow(
      'withTrigger: event: unknown field "every", expected one of type',
    )
    expect(added({ type: 'periodic', evry: '1h' })).toThrow(
      'withTrigger: periodic: unknown field "evry", expected one of type, every',
    )
  })

  it('is of a type that there is', () => {
    expect(added({ type: 'cron' })).toThrow('"cron" is no type of a trigger')
  })
})

describe('an option that there is not is told with those that there are', () => {
  it('of a manager', () => {
    const manager = (options: object) => () => env.manager(options)
    expect(manager({ namespace: 'default' })).toThrow(
      /^newManager: unknown field "namespace", expected one of logger, .*namespaces/,
    )
    expect(manager({ leaderElection: { ID: 'web' } })).toThrow(
      'newManager: leaderElection: unknown field "ID", expected one of id, ',
    )
    expect(manager({ controller: { concurrency: 4 } })).toThrow(
      'newManager: controller: unknown field "concurrency", expected one of maxConcurrentReconciles, ',
    )
  })

  it('of a controller', () => {
    expect(() =>
      itemManager(
        env,
        () => {},
        (builder) => builder.withOptions({ maxConcurrent: 4 } as object),
      ),
    ).toThrow('withOptions: unknown field "maxConcurrent", expected one of maxConcurrentReconciles, ')
  })

  it('of what is watched', () => {
    const builder = () => newControllerManagedBy(env.manager())
    const expected = 'expected one of predicates, onlyMetadata'
    expect(() => builder().for(Item, { predicate: [] } as object)).toThrow(
      `for: unknown field "predicate", ${expected}`,
    )
    expect(() => builder().owns(Item, { everyOwner: true } as object)).toThrow(
      `owns: unknown field "everyOwner", ${expected}, matchEveryOwner`,
    )
    expect(() => builder().watches(Item, enqueueRequestForObject(), { filter: [] } as object)).toThrow(
      `watches: unknown field "filter", ${expected}`,
    )
  })

  it('of a run', async () => {
    const manager = itemManager(env, () => {})
    await expect(manager.runOnce({ deadlin: '1s' } as object)).rejects.toThrow(
      'runOnce: unknown field "deadlin", expected one of controllers, retryWithin, untilIdle, deadline, signal, onProgress',
    )
    await expect(afterWrite(manager, { resources: [] } as object)).rejects.toThrow(
      'afterWrite: unknown field "resources", expected one of kinds, controllers, deadline, signal, onProgress',
    )
    await manager.runOnce()
  })
})

it.each([{}, undefined])('%j is no runnable', (runnable) => {
  expect(() => env.manager().add(runnable as never)).toThrow('a runnable has a method start')
})

it('a requeueAfter that is no number fails the reconcile', async () => {
  await env.client.create(item('a'))
  const manager = itemManager(env, () => ({ requeueAfter: Number.NaN }))
  const { controllers } = await manager.runOnce({ retryWithin: 0 })
  expect(controllers[0]).toMatchObject({ failures: 1, pending: 1, errors: [{ request: { name: 'a' } }] })
  expect(String(controllers[0]?.errors[0]?.error)).toBe('RangeError: NaN is no duration')
})

it.each([
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  ['high' as unknown as number, 'high'],
])('a priority that is no finite number fails the reconcile: %s', async (priority, text) => {
  await env.client.create(item('a'))
  const manager = itemManager(env, () => ({ priority }))
  const { controllers } = await manager.runOnce({ retryWithin: 0 })
  expect(controllers[0]).toMatchObject({ failures: 1, pending: 1 })
  expect(String(controllers[0]?.errors[0]?.error)).toBe(`RangeError: ${text} is no priority`)
})

it('a controller that is added without a builder has a reconciler too', () => {
  const definition = { name: 'a', sources: [], triggers: [], options: {} }
  expect(() => env.manager().addController(definition as never)).toThrow('must specify Reconciler')
})
