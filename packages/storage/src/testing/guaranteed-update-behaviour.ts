import assert from 'node:assert/strict'
import { isConflict, isNotFound, isRequestEntityTooLarge } from '@k1s/apimachinery'
import { type ConfigMap, configMap, key, rejects, update, withVersion } from './config-maps.ts'
import type { StoreTest } from './runner.ts'

/** The contract of `guaranteedUpdate` of the storage interface. */
export function guaranteedUpdateBehaviour(test: StoreTest): void {
  test('writes what tryUpdate returns and gives it a new resourceVersion', async (store) => {
    await store.create(key('a'), configMap('a'))
    const updated = await update(store, 'a', '2')
    assert.deepEqual(updated, withVersion(configMap('a', '2'), '3'))
    assert.deepEqual(await store.get(key('a')), updated)
  })

  test('hands over the current object with its resourceVersion', async (store) => {
    const created = await store.create(key('a'), configMap('a'))
    await store.guaranteedUpdate<ConfigMap>(key('a'), (current) => {
      assert.deepEqual(current, created)
      return { object: current! }
    })
  })

  test('that changes nothing writes nothing', async (store) => {
    const created = await store.create(key('a'), configMap('a'))
    const same = await store.guaranteedUpdate<ConfigMap>(key('a'), (current) => ({ object: current! }))
    assert.deepEqual(same, created)
    assert.equal(await store.currentRevision(), 2)
  })

  test('that only changes the order of fields writes nothing', async (store) => {
    await store.create(key('a'), configMap('a'))
    const { data, metadata, kind, apiVersion } = configMap('a')
    await store.guaranteedUpdate<ConfigMap>(key('a'), () => ({
      object: { data, metadata, kind, apiVersion },
    }))
    assert.equal(await store.currentRevision(), 2)
  })

  test('of a missing object is NotFound and does not call tryUpdate', async (store) => {
    const failed = store.guaranteedUpdate(key('a'), () => assert.fail('called'))
    await rejects(failed, isNotFound, 'configmaps "a" not found')
  })

  test('creates a missing object with ignoreNotFound', async (store) => {
    const created = await store.guaranteedUpdate<ConfigMap>(
      key('a'),
      (current) => {
        assert.equal(current, undefined)
        return { object: configMap('a') }
      },
      { ignoreNotFound: true },
    )
    assert.equal(created.metadata.resourceVersion, '2')
  })

  test('starts over when somebody wrote in between', async (store) => {
    await store.create(key('a'), configMap('a', '0'))
    const seen: string[] = []
    const updated = await store.guaranteedUpdate<ConfigMap>(key('a'), async (current) => {
      seen.push(current!.data.value!)
      if (seen.length === 1) await update(store, 'a', '5')
      return { object: { ...current!, data: { value: `${current!.data.value}+1` } } }
    })
    assert.deepEqual(seen, ['0', '5'])
    assert.equal(updated.data.value, '5+1')
  })

  test('starts over when the object was deleted and made again in between', async (store) => {
    await store.create(key('a'), configMap('a', '0'))
    let calls = 0
    await store.guaranteedUpdate<ConfigMap>(key('a'), async (current) => {
      if (calls++ === 0) {
        await store.delete(key('a'))
        await store.create(key('a'), configMap('a', 'new'))
      }
      return { object: { ...current!, data: { ...current!.data, more: 'x' } } }
    })
    assert.deepEqual((await store.get<ConfigMap>(key('a'))).data, { value: 'new', more: 'x' })
  })

  test('loses no concurrent update', async (store) => {
    await store.create(key('a'), configMap('a', '0'))
    const increment = () =>
      store.guaranteedUpdate<ConfigMap>(key('a'), (current) => ({
        object: { ...current!, data: { value: String(Number(current!.data.value) + 1) } },
      }))
    await Promise.all(Array.from({ length: 50 }, increment))
    assert.equal((await store.get<ConfigMap>(key('a'))).data.value, '50')
  })

  test('ends unchanged with the error that tryUpdate throws', async (store) => {
    await store.create(key('a'), configMap('a'))
    const error = new Error('mine')
    const failed = store.guaranteedUpdate(key('a'), () => {
      throw error
    })
    await assert.rejects(failed, error)
    assert.equal(await store.currentRevision(), 2)
  })

  test('refuses an object that grew too large', async (store) => {
    await store.create(key('a'), configMap('a'))
    await rejects(update(store, 'a', 'x'.repeat(1_600_000)), isRequestEntityTooLarge)
  })

  test('checks preconditions', async (store) => {
    await store.create(key('a'), configMap('a'))
    const failed = store.guaranteedUpdate(key('a'), (current) => ({ object: current! }), {
      preconditions: { uid: 'other' },
    })
    await rejects(
      failed,
      isConflict,
      /^Operation cannot be fulfilled on configmaps "a": .*Precondition failed: UID in precondition: other, UID in object meta: uid-a$/,
    )
  })
}
