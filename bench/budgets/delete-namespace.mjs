import { MvccStore, storageKey, storagePrefix } from '@k1s/storage'
import { Item, item, itemName } from '../item.mjs'
import { alternate, inFlight, median, medianRatio, timeOf } from '../measure.mjs'
import { inTemporaryDirectory, openEngine, openRuntime } from '../stores.mjs'

const objects = 10_000
const Namespace = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false }
const resource = 'items.inventory.k1s.dev'

/** The deletion of a namespace with 10,000 objects, against removing as many from the bare store. */
export async function measure() {
  return [await deleteOn('memory'), await deleteOn('lmdb')]
}

async function deleteOn(type) {
  return inTemporaryDirectory(async (path) => {
    const runtime = await openRuntime(await openEngine(type, `${path}/client`))
    const store = new MvccStore(await openEngine(type, `${path}/bare`))
    const times = await alternate(
      {
        bare: (round) => deleteBare(store, `n${round}`),
        namespace: (round) => deleteNamespace(runtime.client, `n${round}`),
      },
      { rounds: 5, warmUp: 2 },
    )
    await store.close()
    await runtime.close()
    return {
      what: `deletion of a namespace with ${objects.toLocaleString('en')} objects, ${type}`,
      value: median(times.namespace),
      floor: median(times.bare),
      unit: 'ms',
      floorIs: 'a list, and storage.delete of each object, 64 in flight',
      ratio: medianRatio(times.namespace, times.bare),
      budget: { atMost: 3, of: 'ratio' },
    }
  })
}

async function deleteBare(store, namespace) {
  const keyOf = (name) => storageKey({ tenant: 'default', resource, namespace, name })
  await inFlight(objects, 64, (index) => {
    const name = itemName('item', index)
    return store.create(keyOf(name), inNamespace(item(name), namespace))
  })
  return timeOf(async () => {
    const { items } = await store.getList(storagePrefix({ tenant: 'default', resource, namespace }))
    await inFlight(items.length, 64, (index) => store.delete(keyOf(items[index].metadata.name)))
  })
}

async function deleteNamespace(client, name) {
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  await inFlight(objects, 64, (index) => client.create(inNamespace(item(itemName('item', index)), name)))
  const time = await timeOf(() => client.delete(Namespace, { name }))
  const { items } = await client.list(Item, { namespace: name })
  if (items.length > 0) throw new Error(`${items.length} objects outlived their namespace`)
  return time
}

function inNamespace(object, namespace) {
  return { ...object, metadata: { ...object.metadata, namespace } }
}
