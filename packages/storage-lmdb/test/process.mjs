// A process of the multi-process tests: `node process.mjs ROLE DIRECTORY [COUNT]`. Runs on the built packages.
import { MvccStore, storageKey, storagePrefix } from '@k1s/storage'
import { LmdbEngine } from '@k1s/storage-lmdb'

const [, , role, directory, count] = process.argv
const store = new MvccStore(new LmdbEngine({ path: directory }))
const place = { tenant: 'demo', resource: 'configmaps', namespace: 'default' }
const prefix = storagePrefix(place)
const key = (name) => storageKey({ ...place, name })
const configMap = (name, value) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { value },
})
const tell = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)

const increment = (name) =>
  store.guaranteedUpdate(
    key(name),
    (current) => ({ object: configMap(name, current === undefined ? 1 : current.data.value + 1) }),
    { ignoreNotFound: true },
  )

const roles = {
  /** Increments a shared counter, and watches everything from the beginning until it is at its end. */
  async increment() {
    const [total, own] = count.split('/').map(Number)
    const watching = (async () => {
      const seen = []
      for await (const { type, object } of store.watch(prefix, { resourceVersion: '1' })) {
        seen.push([type, Number(object.metadata.resourceVersion), object.data.value])
        if (object.data.value === total) return seen
      }
    })()
    for (let round = 0; round < own; round++) await increment('counter')
    tell({ seen: await watching })
  },

  /** Writes until it is killed, and tells each write once it is acknowledged. */
  async write() {
    const writer = async (lane) => {
      for (let round = 0; ; round++) {
        const name = `w-${process.pid}-${lane}-${round % 7}`
        const counted = await increment('counter')
        tell({ name: 'counter', value: counted.data.value, revision: counted.metadata.resourceVersion })
        const written = await increment(name)
        tell({ name, value: written.data.value, revision: written.metadata.resourceVersion })
        if (round % 3 === 0) {
          const removed = await store.delete(key(name))
          tell({ name, removed: true, revision: removed.metadata.resourceVersion })
        }
      }
    }
    await Promise.all([writer(0), writer(1)])
  },

  /** Increments a counter, one at a time, and tells each when it is acknowledged. */
  async tell() {
    for (let round = 0; round < Number(count); round++) {
      const { data, metadata } = await increment('counter')
      const at = performance.timeOrigin + performance.now()
      tell({ value: data.value, revision: Number(metadata.resourceVersion), at })
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  },

  /** Watches, and tells when it saw what. */
  async watch() {
    tell({ ready: true })
    for await (const { object } of store.watch(prefix, { resourceVersion: '1' })) {
      tell({ value: object.data.value, at: performance.timeOrigin + performance.now() })
      if (object.data.value === Number(count)) return
    }
  },

  /** Begins to write and then stops for good, with the lock held. */
  async hold() {
    const engine = new LmdbEngine({ path: directory })
    await engine.write(() => {
      tell({ holding: process.pid })
      process.kill(process.pid, 'SIGSTOP')
    })
  },

  /** Writes and then forgets to close. */
  async forget() {
    await increment('counter')
    await store.get(key('counter'))
  },

  /** Writes while another process holds the lock. */
  async wait() {
    const impatient = new MvccStore(new LmdbEngine({ path: directory, lockTimeout: 300 }))
    await impatient.create(key('late'), configMap('late', 1)).catch((error) => tell({ error: error.message }))
    await impatient.close()
  },
}

await roles[role]()
if (role !== 'forget') await store.close()
