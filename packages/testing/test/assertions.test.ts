import { newNotFound } from '@k1s/apimachinery'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestEnvironment } from '../src/index.ts'
import {
  assertCondition,
  assertEvent,
  assertExists,
  assertGone,
  assertHasFinalizer,
  assertOwnedBy,
  assertStatusError,
  createTestEnvironment,
} from '../src/index.ts'
import { ConfigMap, configMap, Item, item } from './inventory.ts'
import '../src/vitest/index.ts'

const ready = { type: 'Ready', status: 'False', reason: 'Waiting', message: 'for parts' }
const laptop = item('laptop', {
  metadata: { namespace: 'default', finalizers: ['k1s.dev/a', 'k1s.dev/b'] },
  status: { conditions: [ready] },
})
const owner = item('owner', { metadata: { uid: 'u1' } })
const owned = configMap('owned', {
  ownerReferences: [
    { apiVersion: 'inventory.k1s.dev/v2', kind: 'Item', name: 'owner', uid: 'u1', controller: true },
  ],
})

describe('of an object', () => {
  test('assertCondition shows the conditions that there are', () => {
    assertCondition(laptop, 'Ready', 'False')
    assertCondition(laptop, 'Ready', 'False', { reason: 'Waiting', message: /parts/ })
    expect(() => assertCondition(laptop, 'Ready')).toThrow(
      'Item default/laptop does not have the condition Ready=True; there are:\n  Ready=False (Waiting: "for parts")',
    )
    expect(() => assertCondition(laptop, 'Ready', 'False', { reason: 'Other' })).toThrow(
      'Ready=False (Other);',
    )
    expect(() => assertCondition(item('a'), 'Ready')).toThrow(
      'Item a does not have the condition Ready=True; there are none',
    )
  })

  test('assertHasFinalizer shows the finalizers that there are', () => {
    assertHasFinalizer(laptop, 'k1s.dev/a')
    expect(() => assertHasFinalizer(laptop, 'k1s.dev/c')).toThrow(
      'Item default/laptop does not have the finalizer k1s.dev/c; there are: k1s.dev/a, k1s.dev/b',
    )
  })

  test('assertOwnedBy shows the owners that there are', () => {
    assertOwnedBy(owned, owner)
    assertOwnedBy(owned, owner, { controller: true })
    expect(() => assertOwnedBy(owned, owner, { controller: false })).toThrow(
      'is not owned, and not controlled, by',
    )
    expect(() => assertOwnedBy(owned, item('owner', { metadata: { uid: 'u2' } }))).toThrow(
      'ConfigMap owned is not owned by Item owner (uid u2); of references there are: Item owner (uid u1, controller)',
    )
    expect(() => assertOwnedBy(laptop, owner)).toThrow('of references there are none')
  })

  test('assertStatusError shows what it is instead', () => {
    const error = newNotFound({ group: '', resource: 'configmaps' }, 'a')
    expect(assertStatusError(error, { reason: 'NotFound', code: 404, message: /not found/ })).toBe(true)
    expect(() => assertStatusError(error, { reason: 'Conflict' })).toThrow(
      'expected a StatusError Conflict, not 404 NotFound "configmaps \\"a\\" not found"',
    )
    expect(() => assertStatusError(new TypeError('x'))).toThrow('expected a StatusError, not TypeError: x')
    expect(() => assertStatusError({ a: 1 }, { code: 404 })).toThrow(
      'expected a StatusError 404, not { a: 1 }',
    )
    expect(() => assertStatusError(Object.create(null))).toThrow('not [Object: null prototype] {}')
  })
})

describe('of what is stored', () => {
  let env: TestEnvironment
  beforeAll(async () => {
    env = await createTestEnvironment({ kinds: [Item], objects: [laptop, configMap('a'), configMap('b')] })
    await env.client.delete(Item, { name: 'laptop' })
    const event = (name: string, reason: string, type: string) => ({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name },
      involvedObject: {
        apiVersion: 'inventory.k1s.dev/v1',
        kind: 'Item',
        namespace: 'default',
        name: 'laptop',
      },
      reason,
      type,
      message: 'only 1 left',
    })
    await env.client.create(event('one', 'LowStock', 'Warning'))
    await env.client.create(event('two', 'Counted', 'Normal'))
  })
  afterAll(() => env.close())

  test('assertExists returns the object, or shows what there is', async () => {
    expect((await assertExists(env.client, ConfigMap, { name: 'a' })).metadata.uid).toBeDefined()
    await expect(assertExists(env.client, ConfigMap, { name: 'c' })).rejects.toThrow(
      'ConfigMap c is not there; there are: default/a, default/b',
    )
  })

  test('assertGone shows what holds the object', async () => {
    await assertGone(env.client, ConfigMap, { name: 'c' })
    await expect(assertGone(env.client, ConfigMap, { name: 'a' })).rejects.toThrow(
      'ConfigMap default/a is still there, and is not being deleted',
    )
    await expect(assertGone(env.client, Item, { name: 'laptop' })).rejects.toThrow(
      /^Item default\/laptop is still there: it is being deleted since \S+Z, and held by the finalizers k1s\.dev\/a, k1s\.dev\/b$/,
    )
  })

  test('assertGone asks for the object, and for nothing else', async () => {
    env.requests.clear()
    await assertGone(env, ConfigMap, { name: 'c' })
    expect(`${env.requests}`).toBe('get configmaps default/c → 404 NotFound')
  })

  test.each([
    ['assertExists', () => assertExists(env, ConfigMap, { name: 'c' })],
    ['assertGone', () => assertGone(env, ConfigMap, { name: 'a' })],
    ['assertEvent', () => assertEvent(env, laptop, { reason: 'Sold' })],
  ])('the stack of what %s throws begins with its caller', async (_, refused) => {
    const caller = async () => await refused()
    const { stack = '' }: Error = await caller().then(
      () => expect.fail('nothing was thrown'),
      (error) => error,
    )
    expect(stack.split('\n').find((line) => line.startsWith('    at '))).toContain('assertions.test.ts')
  })

  test('assertEvent returns the Event, or shows those about the object', async () => {
    expect((await assertEvent(env.client, laptop, { reason: 'LowStock' })).type).toBe('Warning')
    await assertEvent(env.client, laptop, { type: 'Normal', message: /left/ })
    await expect(assertEvent(env.client, laptop, { reason: 'LowStock', type: 'Normal' })).rejects.toThrow(
      'no Event Normal LowStock about Item default/laptop; there are:\n  Warning LowStock "only 1 left"\n  Normal Counted "only 1 left"',
    )
    await expect(assertEvent(env.client, item('other'))).rejects.toThrow(
      'no Event about Item other; there are none about it',
    )
  })

  test('whoever looks takes an environment as well as a client, and nothing else', async () => {
    await assertExists(env, ConfigMap, { name: 'a' })
    await assertGone(env, ConfigMap, { name: 'c' })
    await assertEvent(env, laptop, { reason: 'LowStock' })
    await expect(env.client).toHaveEvent(laptop, { reason: 'LowStock' })
    const needed = 'a test environment or a client is needed to look at what is stored, not'
    const wrong = (source: unknown) => assertEvent(source as TestEnvironment, laptop)
    await expect(wrong(laptop)).rejects.toThrow(new TypeError(`${needed} an object of kind Item`))
    await expect(wrong(undefined)).rejects.toThrow(new TypeError(`${needed} undefined`))
    await expect(expect(Promise.resolve(env)).toHaveEvent(laptop)).rejects.toThrow(
      new TypeError(`${needed} a Promise, which has to be awaited`),
    )
  })

  test('whoever is about an object says when it is none', async () => {
    const needed = 'an object with metadata is needed, not'
    expect(() => expect(env.client.get(Item, { name: 'laptop' })).toHaveCondition('Ready')).toThrow(
      new TypeError(`${needed} a Promise, which has to be awaited`),
    )
    expect(() => assertHasFinalizer(undefined as never, 'k1s.dev/a')).toThrow(
      new TypeError(`${needed} undefined`),
    )
    expect(() => assertOwnedBy(laptop, 'owner' as never)).toThrow(new TypeError(`${needed} a string`))
    await expect(assertEvent(env, Item as never)).rejects.toThrow(
      new TypeError(`${needed} an object of kind Item`),
    )
  })

  test('the matchers of Vitest say the same, also of the opposite', async () => {
    expect(laptop).toHaveCondition('Ready', 'False', { reason: 'Waiting' })
    expect(laptop).not.toHaveCondition('Ready')
    expect(() => expect(laptop).toHaveCondition('Ready')).toThrow('there are:\n  Ready=False')
    expect(() => expect(laptop).not.toHaveCondition('Ready', 'False')).toThrow(
      'Item default/laptop has the condition Ready=False',
    )
    expect(owned).toBeOwnedBy(owner, { controller: true })
    expect(laptop).not.toBeOwnedBy(owner)
    expect(laptop).toHaveFinalizer('k1s.dev/a')
    expect(() => expect(laptop).toHaveFinalizer('k1s.dev/c')).toThrow('there are: k1s.dev/a')
    await expect(env.client.get(ConfigMap, { name: 'c' })).rejects.toBeStatusError({ reason: 'NotFound' })
    expect(new Error('x')).not.toBeStatusError()
    await expect(env).toHaveEvent(laptop, { reason: 'LowStock', type: 'Warning' })
    await expect(env).not.toHaveEvent(laptop, { reason: 'Sold' })
    await expect(expect(env).toHaveEvent(laptop, { reason: 'Sold' })).rejects.toThrow('Normal Counted')
    expect([laptop]).toEqual([expect.toHaveFinalizer('k1s.dev/b')])
  })
})
