// A process in which promises are rejected that nobody awaits: by a `reconcile`, or by `somebody` else.
import { setTimeout as delay } from 'node:timers/promises'
import { createRuntime } from '@k1s/core'
import { newControllerManagedBy, newManager } from '../src/index.ts'

const who = process.argv[2]
const ConfigMap = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true }
const reject = async (message: string, milliseconds: number) => {
  await delay(milliseconds)
  throw new Error(message)
}

await using runtime = await createRuntime({ storage: { type: 'memory' } })
await runtime.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } })
const manager = newManager(runtime)
newControllerManagedBy(manager)
  .for(ConfigMap)
  .complete(({ name }) => {
    if (who !== 'reconcile' || name !== 'a') return
    void reject('soon', 0)
    void reject('late', 20)
  })
const { controllers } = await manager.runOnce()
process.stdout.write(`${controllers[0]?.outcome}\n`)
if (who === 'somebody') void reject('of somebody', 0)
await delay(50)
process.stdout.write('going on\n')
