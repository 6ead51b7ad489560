import assert from 'node:assert/strict'
import {
  isBadRequest,
  isResourceExpired,
  isStatusError,
  isTimeout,
  type KubernetesObject,
} from '@k1s/apimachinery'
import type { StorageChange, StorageChangesOptions, StorageInterface } from '../interface.ts'
import { storageKey, storagePrefix } from '../storage-key.ts'
import type { StoreTest } from './runner.ts'

interface Note extends KubernetesObject {
  text: string
}

const tenant = 'demo'
const resource = 'notes'
const all = storagePrefix({ tenant, resource })
const key = (name: string, namespace = 'default') => storageKey({ tenant, resource, namespace, name })
const note = (name: string, text: string): Note => ({
  apiVersion: 'v1',
  kind: 'Note',
  metadata: { name },
  text,
})

const create = (store: StorageInterface, name: string, text = '1', namespace?: string) =>
  store.create(key(name, namespace), note(name, text))
const update = (store: StorageInterface, name: string, text: string) =>
  store.guaranteedUpdate(key(name), () => ({ object: note(name, text) }))
const remove = (store: StorageInterface, name: string) => store.delete(key(name))

/** The contract of `changes` of the storage interface. */
export function changesBehaviour(test: StoreTest): void {
  test('are one for each object, in the order of their last events', async (store) => {
    await create(store, 'a')
    await create(store, 'b')
    await create(store, 'c')
    await update(store, 'a', '2')
    await create(store, 'd')
    await update(store, 'd', '2')
    await remove(store, 'b')
    await update(store, 'a', '3')
    assert.deepEqual(await changes(store, '3'), {
      resourceVersion: '9',
      changes: ['ADDED c 1 @4', 'ADDED d 2 @7', 'DELETED b 1 @8', 'MODIFIED a 3 @9, was 1 @2'],
    })
    assert.deepEqual(await changes(store, '8'), {
      resourceVersion: '9',
      changes: ['MODIFIED a 3 @9, was 2 @5'],
    })
  })

  test('are every event, if that is asked for, also of what was undone since', async (store) => {
    await create(store, 'a')
    await update(store, 'a', '2')
    await create(store, 'b')
    await remove(store, 'b')
    await update(store, 'a', '3')
    const events = [
      'ADDED a 1 @2',
      'MODIFIED a 2 @3, was 1 @2',
      'ADDED b 1 @4',
      'DELETED b 1 @5',
      'MODIFIED a 3 @6, was 2 @3',
    ]
    const everyEvent = { everyEvent: true }
    assert.deepEqual(await changes(store, '1', everyEvent), { resourceVersion: '6', changes: events })
    assert.deepEqual((await changes(store, '4', everyEvent)).changes, events.slice(3))
    const predicate = ({ text }: Note) => text === '2'
    assert.deepEqual((await changes(store, '1', { ...everyEvent, predicate })).changes, [
      'ADDED a 2 @3',
      'DELETED a 2 @6',
    ])
  })

  test('since the first revision are all objects', async (store) => {
    await create(store, 'a')
    await create(store, 'b')
    await remove(store, 'a')
    assert.deepEqual((await changes(store, '1')).changes, ['ADDED b 1 @3'])
  })

  test('give a deleted object as it last was, with the revision of its removal', async (store) => {
    await create(store, 'a')
    await update(store, 'a', 'last')
    await remove(store, 'a')
    assert.deepEqual((await changes(store, '2')).changes, ['DELETED a last @4'])
  })

  test('know nothing of an object that came and went', async (store) => {
    await create(store, 'a')
    await create(store, 'b')
    await update(store, 'b', '2')
    await remove(store, 'b')
    assert.deepEqual(await changes(store, '2'), { resourceVersion: '5', changes: [] })
  })

  test('tell an object that was created again from the one before it', async (store) => {
    await create(store, 'a', 'first')
    await remove(store, 'a')
    await create(store, 'a', 'second')
    await remove(store, 'a')
    await create(store, 'a', 'third')
    await update(store, 'a', 'fourth')
    assert.deepEqual((await changes(store, '2')).changes, ['DELETED a first @3', 'ADDED a fourth @7'])
  })

  test('has objects that were changed and changed back', async (store) => {
    await create(store, 'a', '1')
    await update(store, 'a', '2')
    await update(store, 'a', '1')
    assert.deepEqual((await changes(store, '2')).changes, ['MODIFIED a 1 @4, was 1 @2'])
  })

  test('are none of other namespaces, resources and tenants', async (store) => {
    await create(store, 'a', '1', 'default')
    await create(store, 'b', '1', 'default-2')
    await store.create(
      storageKey({ tenant, resource: 'notes2', namespace: 'default', name: 'c' }),
      note('c', '1'),
    )
    await store.create(
      storageKey({ tenant: 'demo2', resource, namespace: 'default', name: 'd' }),
      note('d', '1'),
    )
    const inDefault = storagePrefix({ tenant, resource, namespace: 'default' })
    assert.deepEqual((await changes(store, '1', {}, inDefault)).changes, ['ADDED a 1 @2'])
    assert.deepEqual((await changes(store, '1')).changes, ['ADDED a 1 @2', 'ADDED b 1 @3'])
  })

  test('with a predicate are of objects that began, went on or ceased to match', async (store) => {
    const predicate = ({ text }: Note) => text.startsWith('red')
    await create(store, 'began', 'blue')
    await create(store, 'ceased', 'red 1')
    await create(store, 'gone', 'red 1')
    await create(store, 'never', 'blue 1')
    await create(store, 'stayed', 'red 1')
    await create(store, 'again', 'red 1')
    await update(store, 'again', 'blue')
    await update(store, 'ceased', 'red 2')
    await update(store, 'ceased', 'blue 3')
    await update(store, 'ceased', 'blue 4')
    await update(store, 'began', 'red 2')
    await update(store, 'gone', 'blue')
    await remove(store, 'gone')
    await update(store, 'never', 'red')
    await update(store, 'never', 'blue 2')
    await update(store, 'stayed', 'red 2')
    await update(store, 'again', 'red 2')
    assert.deepEqual((await changes(store, '7', { predicate })).changes, [
      'DELETED ceased red 2 @10',
      'ADDED began red 2 @12',
      'DELETED gone red 1 @13',
      'MODIFIED stayed red 2 @17, was red 1 @6',
      'MODIFIED again red 2 @18, was red 1 @7',
    ])
  })

  test('are none when nothing was written, even if history is forgotten', async (store) => {
    await create(store, 'a')
    await store.create(
      storageKey({ tenant, resource: 'other', namespace: 'default', name: 'x' }),
      note('x', '1'),
    )
    assert.deepEqual(await changes(store, '2'), { resourceVersion: '3', changes: [] })
    assert.deepEqual(await changes(store, '3'), { resourceVersion: '3', changes: [] })
    await store.compact(3)
    assert.deepEqual(await changes(store, '2'), { resourceVersion: '3', changes: [] })
  })

  test('since a forgotten revision are Expired', async (store) => {
    await create(store, 'a')
    await create(store, 'b')
    await create(store, 'c')
    await store.compact(3)
    const error = await failure(changes(store, '2'))
    assert.ok(isResourceExpired(error))
    assert.equal(error.message, 'too old resource version: 2 (3)')
    assert.deepEqual((await changes(store, '3')).changes, ['ADDED c 1 @4'])
  })

  test('since a revision of the future are a Timeout, since none a BadRequest', async (store) => {
    const error = await failure(changes(store, '9'))
    assert.ok(isTimeout(error))
    assert.equal(error.message, 'Timeout: Too large resource version: 9, current: 1')
    assert.ok(isBadRequest(await failure(changes(store, 'x'))))
  })

  test('of thousands of writes are read in turns, between which the signal is looked at', async (store) => {
    const names = Array.from({ length: 2500 }, (_, index) => `n${index}`)
    await Promise.all(names.map((name) => create(store, name)))
    await update(store, 'n0', '2')
    const found = await changes(store, '2')
    assert.equal(found.changes.length, 2500)
    assert.equal(found.changes[0], 'ADDED n1 1 @3')
    assert.equal(found.changes[2499], 'MODIFIED n0 2 @2502, was 1 @2')
    const controller = new AbortController()
    const reading = changes(store, '2', { signal: controller.signal })
    controller.abort(new Error('enough'))
    await assert.rejects(reading, /enough/)
    await assert.rejects(changes(store, '2', { signal: controller.signal }), /enough/)
  })
}

async function changes(
  store: StorageInterface,
  resourceVersion: string,
  options: Omit<StorageChangesOptions<Note>, 'resourceVersion'> = {},
  prefix = all,
): Promise<{ resourceVersion: string; changes: string[] }> {
  const found = await store.changes<Note>(prefix, { resourceVersion, ...options })
  return { resourceVersion: found.resourceVersion, changes: found.changes.map(describeChange) }
}

function describeChange(change: StorageChange<Note>): string {
  const text = `${change.type} ${describeNote(change.object)}`
  return change.type === 'MODIFIED'
    ? `${text}, was ${describeNote(change.previous).replace(/^\S+ /, '')}`
    : text
}

function describeNote({ metadata, text }: Note): string {
  return `${metadata.name} ${text} @${metadata.resourceVersion}`
}

async function failure(promise: Promise<unknown>) {
  const error = await promise.then(
    () => assert.fail('should have been rejected'),
    (reason: unknown) => reason,
  )
  assert.ok(isStatusError(error), `unexpected error: ${String(error)}`)
  return error
}
