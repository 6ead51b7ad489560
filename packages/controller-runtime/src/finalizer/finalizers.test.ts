import type { Unstructured } from '@k1s/apimachinery'
import { beforeEach, describe, expect, test } from 'vitest'
import { FinalizeError } from './finalize-error.ts'
import { type FinalizeResult, type Finalizers, newFinalizers } from './finalizers.ts'

const [one, two, three] = ['test.k1s.dev/one', 'test.k1s.dev/two', 'test.k1s.dev/three'] as const
const deletedAt = '2026-01-31T12:00:00Z'

let finalizers: Finalizers

beforeEach(() => {
  finalizers = newFinalizers()
})

test('a key is registered once', () => {
  finalizers.register(one, succeeding())
  expect(() => finalizers.register(one, succeeding())).toThrow(
    'finalizer for key "test.k1s.dev/one" already registered',
  )
})

describe('an object that is not being deleted', () => {
  test('gets the keys that it does not have', async () => {
    finalizers.register(one, succeeding())
    finalizers.register(two, succeeding())
    const object = objectWith({ finalizers: [two] })
    expect(await finalizers.finalize(object)).toEqual({ updated: true, statusUpdated: false })
    expect(object.metadata.finalizers).toEqual([two, one])
    expect(await finalizers.finalize(object)).toEqual({ updated: false, statusUpdated: false })
  })

  test('is left alone when nothing is registered', async () => {
    const object = objectWith({})
    expect(await finalizers.finalize(object)).toEqual({ updated: false, statusUpdated: false })
    expect(object).toEqual(objectWith({}))
  })
})

describe('an object that is being deleted', () => {
  test('loses the keys of finalizers that succeed, and no others', async () => {
    finalizers.register(one, succeeding())
    finalizers.register(two, succeeding())
    const object = objectWith({ deletionTimestamp: deletedAt, finalizers: [two, 'other', one] })
    expect(await finalizers.finalize(object)).toEqual({ updated: true, statusUpdated: false })
    expect(object.metadata.finalizers).toEqual(['other'])
  })

  test('gets no keys, and no finalizer is called whose key it does not have', async () => {
    finalizers.register(one, failing(new Error('called')))
    const object = objectWith({ deletionTimestamp: deletedAt })
    expect(await finalizers.finalize(object)).toEqual({ updated: false, statusUpdated: false })
    expect(object.metadata.finalizers).toBeUndefined()
  })

  test('is updated in its status when a finalizer says so', async () => {
    finalizers.register(one, succeeding({ updated: false, statusUpdated: true }))
    const object = objectWith({ deletionTimestamp: deletedAt, finalizers: [one] })
    expect(await finalizers.finalize(object)).toEqual({ updated: true, statusUpdated: true })
  })

  test('keeps the key of a finalizer that fails', async () => {
    const cause = new Error('bucket is busy')
    finalizers.register(one, failing(cause))
    const object = objectWith({ deletionTimestamp: deletedAt, finalizers: [one] })
    const error = await failureOf(object)
    expect(error.message).toBe('finalizer "test.k1s.dev/one" failed: bucket is busy')
    expect(error.errors[0].cause).toBe(cause)
    expect(error.result).toEqual({ updated: false, statusUpdated: false })
    expect(object.metadata.finalizers).toEqual([one])
  })

  test('tells what finalizers changed that fail, and those that do not', async () => {
    finalizers.register(one, failing(new Error('busy')))
    finalizers.register(two, succeeding())
    finalizers.register(
      three,
      failing(new FinalizeError([new Error('slow')], { updated: false, statusUpdated: true })),
    )
    const object = objectWith({ deletionTimestamp: deletedAt, finalizers: [one, two, three] })
    const error = await failureOf(object)
    expect(error.message).toBe(
      '[finalizer "test.k1s.dev/one" failed: busy, finalizer "test.k1s.dev/three" failed: slow]',
    )
    expect(error.result).toEqual({ updated: true, statusUpdated: true })
    expect(object.metadata.finalizers).toEqual([one, three])
  })

  test('is given to finalizers with the signal', async () => {
    const { signal } = new AbortController()
    const calls: unknown[] = []
    finalizers.register(one, { finalize: (...args) => void calls.push(args) })
    const object = objectWith({ deletionTimestamp: deletedAt, finalizers: [one] })
    await finalizers.finalize(object, signal)
    expect(calls).toEqual([[object, signal]])
  })
})

function objectWith(metadata: Unstructured['metadata']): Unstructured {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'foo', ...metadata } }
}

function succeeding(result?: FinalizeResult) {
  return { finalize: async () => result }
}

function failing(error: Error) {
  return { finalize: () => Promise.reject(error) }
}

async function failureOf(object: Unstructured): Promise<FinalizeError> {
  try {
    await finalizers.finalize(object)
  } catch (error) {
    if (error instanceof FinalizeError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
