// A process with a manager that has nothing to watch and nothing to wait for, and runs until SIGTERM.
import { createRuntime } from '@k1s/core'
import { newManager, setupSignalHandler } from '../src/index.ts'

await using runtime = await createRuntime({ storage: { type: 'memory' } })
const manager = newManager(runtime)
manager.add({
  async start() {
    process.stdout.write('running\n')
  },
})
await manager.start(setupSignalHandler())
process.stdout.write('stopped\n')
