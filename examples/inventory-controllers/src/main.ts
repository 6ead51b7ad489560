// Runs the controllers without the command line: until Ctrl-C, or with --once until there is nothing to do.
import { newManager, setupSignalHandler } from '@k1s/controller-runtime'
import { createRuntime } from 'k1s'
import { addCategoryController } from './category-controller.ts'
import { addStockController } from './stock-controller.ts'

const stop = setupSignalHandler()
await using runtime = await createRuntime()
const manager = newManager(runtime)
addCategoryController(manager)
addStockController(manager)

if (process.argv.includes('--once')) {
  const { controllers } = await manager.runOnce({ signal: stop })
  for (const { controller, outcome, reconciles, failures, pending } of controllers) {
    console.log(`${controller}: ${outcome}, ${reconciles} reconciles, ${failures} failed, ${pending} pending`)
  }
} else {
  await manager.start(stop)
}
