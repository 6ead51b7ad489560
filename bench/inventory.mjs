import { createRuntime } from '@k1s/core'
import { item, itemDefinition, itemName } from './item.mjs'
import { largeDefinition } from './large-definition.mjs'
import { k1s, runNode } from './whole-process.mjs'

/** Fills a store with ten objects of a custom kind, ten config maps, and further large definitions. */
export async function fillInventory(path, { definitions = 0 } = {}) {
  const runtime = await createRuntime({ storage: { type: 'lmdb', path } })
  const { client } = runtime
  await client.create(itemDefinition)
  let bytes = 0
  for (let number = 0; number < definitions; number++) {
    const definition = largeDefinition(number)
    bytes += JSON.stringify(definition).length
    await client.create(definition)
  }
  for (let number = 0; number < 10; number++) {
    const name = itemName('item', number)
    await client.create(item(name))
    await client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { color: 'blue' } })
  }
  await runtime.close()
  return bytes
}

/** What `k1s get` needs to run on a store, whatever the user's configuration says. */
export function getOn(path, resource) {
  return {
    args: [k1s, 'get', resource],
    env: { K1S_DATA_DIR: path, K1S_CONFIG: `${path}/no-config`, K1S_CONTEXT: '', K1S_STORAGE: 'lmdb' },
  }
}

/** Throws if the command does not print ten objects. */
export function checkPrintsTen({ args, env }) {
  const { output } = runNode(args, env)
  const rows = output.trim().split('\n').length - 1
  if (rows !== 10)
    throw new Error(`k1s ${args.slice(1).join(' ')} printed ${rows} objects and not 10:\n${output}`)
}
