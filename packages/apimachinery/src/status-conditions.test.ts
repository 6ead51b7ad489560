import { beforeEach, describe, expect, it } from 'vitest'
import { type Clock, systemClock } from './clock.ts'
import type { Condition } from './meta.ts'
import {
  findStatusCondition,
  isStatusConditionFalse,
  isStatusConditionTrue,
  removeStatusCondition,
  setStatusCondition,
} from './status-conditions.ts'

const clock: Clock = { ...systemClock, now: () => Date.UTC(2026, 0, 31, 12) }
const before = '2026-01-01T00:00:00Z'
const now = '2026-01-31T12:00:00Z'
const ready = { type: 'Ready', status: 'True', reason: 'Published', message: '' } as const

let conditions: Condition[]
beforeEach(() => {
  conditions = [
    { ...ready, observedGeneration: 1, lastTransitionTime: before },
    { type: 'Reachable', status: 'Unknown', reason: 'New', message: '', lastTransitionTime: before },
  ]
})

describe('setting a condition', () => {
  it('adds one of a new type, which holds since now', () => {
    expect(setStatusCondition(conditions, { ...ready, type: 'Paid' }, clock)).toBe(true)
    expect(conditions[2]).toEqual({ ...ready, type: 'Paid', lastTransitionTime: now })
  })

  it('changes nothing if it says what there is', () => {
    const there = structuredClone(conditions)
    const stated = { ...ready, observedGeneration: 1, lastTransitionTime: now }
    expect(setStatusCondition(conditions, stated, clock)).toBe(false)
    expect(conditions).toEqual(there)
  })

  it.each([{ reason: 'Updated' }, { message: 'at last' }, { observedGeneration: 2 }])(
    'keeps since when it holds, with another %o',
    (change) => {
      const stated = { ...ready, observedGeneration: 1, ...change }
      expect(setStatusCondition(conditions, stated, clock)).toBe(true)
      expect(conditions[0]).toEqual({ ...stated, lastTransitionTime: before })
      expect(conditions).toHaveLength(2)
    },
  )

  it('holds since now, or since when it says, with another status', () => {
    setStatusCondition(conditions, { ...ready, status: 'False' }, clock)
    expect(conditions[0]).toEqual({ ...ready, status: 'False', lastTransitionTime: now })
    setStatusCondition(conditions, { ...ready, lastTransitionTime: '2026-01-15T00:00:00Z' }, clock)
    expect(conditions[0]?.lastTransitionTime).toBe('2026-01-15T00:00:00Z')
  })

  it('leaves an object that somebody else may have as it is', () => {
    const [old] = conditions
    setStatusCondition(conditions, { ...ready, status: 'False' }, clock)
    expect(old?.status).toBe('True')
  })
})

it('removes the condition of a type', () => {
  expect(removeStatusCondition(conditions, 'Ready')).toBe(true)
  expect(removeStatusCondition(conditions, 'Ready')).toBe(false)
  expect(conditions.map(({ type }) => type)).toEqual(['Reachable'])
})

it('finds conditions, also where there are none yet', () => {
  expect(findStatusCondition(conditions, 'Reachable')?.reason).toBe('New')
  expect(findStatusCondition(undefined, 'Reachable')).toBeUndefined()
  expect([isStatusConditionTrue(conditions, 'Ready'), isStatusConditionFalse(conditions, 'Ready')]).toEqual([
    true,
    false,
  ])
  expect([
    isStatusConditionTrue(conditions, 'Reachable'),
    isStatusConditionFalse(conditions, 'Reachable'),
  ]).toEqual([false, false])
})
