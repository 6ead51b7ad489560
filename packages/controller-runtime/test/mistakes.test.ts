import type { Trigger } from '@k1s/controller-runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeEnvironment, fakeEnvironment, item, itemManager } from './semantics.ts'

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

  it('is of a type that there is', () => {
    expect(added({ type: 'cron' })).toThrow('"cron" is no type of a trigger')
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
