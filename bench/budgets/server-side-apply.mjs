import { readFileSync } from 'node:fs'
import { decodeYaml } from '@k1s/apimachinery/yaml'
import { alternate, median, timeOf } from '../measure.mjs'
import { inTemporaryDirectory, openEngine, openRuntime } from '../stores.mjs'

const testdata = new URL('../../../shared/testdata/gateway-api/', import.meta.url)
const perRound = 200

/** Server-side apply of an HTTPRoute that changes nothing, through the client, beside a get of it. */
export async function measure() {
  return [await applyOn('memory'), await applyOn('lmdb')]
}

async function applyOn(type) {
  return inTemporaryDirectory(async (path) => {
    const runtime = await openRuntime(await openEngine(type, path))
    const { client } = runtime
    await client.create(read('crd-httproutes.yaml')[0])
    const route = read('examples/http-cors__httproute-all-fields-set.yaml').find(
      ({ kind }) => kind === 'HTTPRoute',
    )
    route.metadata.namespace = 'default'
    const options = { fieldManager: 'bench' }
    const { metadata } = await client.apply(route, options)
    const key = { namespace: 'default', name: route.metadata.name }
    const kind = {
      group: 'gateway.networking.k8s.io',
      version: 'v1',
      kind: 'HTTPRoute',
      plural: 'httproutes',
      namespaced: true,
    }
    const times = await alternate(
      {
        get: async () => (await timeOf(() => repeat(() => client.get(kind, key)))) / perRound,
        apply: async () => (await timeOf(() => repeat(() => client.apply(route, options)))) / perRound,
      },
      { rounds: 9, warmUp: 3, collect: false },
    )
    const after = await client.get(kind, key)
    if (after.metadata.resourceVersion !== metadata.resourceVersion) {
      throw new Error('an apply that should change nothing changed the object')
    }
    await runtime.close()
    return {
      what: `server-side apply of an unchanged HTTPRoute, ${type}`,
      value: median(times.apply),
      floor: median(times.get),
      unit: 'ms',
      floorIs: 'a get of it',
      budget: { atMost: 2, of: 'value' },
    }
  })
}

async function repeat(operation) {
  for (let index = 0; index < perRound; index++) await operation()
}

function read(file) {
  return decodeYaml(readFileSync(new URL(file, testdata), 'utf8')).map(({ value }) => value)
}
