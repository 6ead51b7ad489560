// A process that waits for nothing but SIGTERM: a manager that has nothing to watch, or, if `endless`, a reconcile that never ends.
import { createRuntime } from '@k1s/core'
import { newControllerManagedBy, newManager, setupSignalHandler } from '../src/index.ts'
import { Item, item } from './warehouse.ts'

await using runtime = await createRuntime({ storage: { type: 'memory' } })
const manager = newManager(runtime, { gracefulShutdownTimeout: 10 })
const stop = setupSignalHandler()

if (process.argv.includes('endless')) {
  runtime.registerAPI(Item)
  await runtime.client.create(item('a', 'b', 1))
  newControllerManagedBy(manager)
    .for(Item)
    .complete(() => {
      process.stdout.write('reconciling\n')
      return new Promise(() => {})
    })
  const { controllers } = await manager.runOnce({ signal: stop })
  for (const { outcome } of controllers) process.stdout.write(`${outcome}\n`)
} else {
  manager.add({
    async start() {
      process.stdout.write('running\n')
    },
  })
  await manager.start(stop)
  process.stdout.write('stopped\n')
}
