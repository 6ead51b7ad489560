// A command that writes one object: `PATH NAME [run]`. With `run`, a controller of another kind then looks for work.
import { createRuntime } from '@k1s/core'
import { Item } from './item.mjs'

const [, , path, name, run] = process.argv
const runtime = await createRuntime({ storage: { type: 'lmdb', path } })
runtime.registerAPI(Item)
await runtime.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })
if (run !== undefined) {
  const { managerOfItems } = await import('./controllers.mjs')
  const { manager, reconciled } = managerOfItems(runtime, 'items')
  const { controllers } = await manager.runOnce()
  if (controllers[0].outcome !== 'idle' || reconciled() > 0) throw new Error('there was something to do')
}
await runtime.close()
