import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { managerOfItems } from '../controllers.mjs'
import { fillInventory } from '../inventory.mjs'
import { item, itemName } from '../item.mjs'
import { alternate, inFlight, median } from '../measure.mjs'
import { inTemporaryDirectory, openEngine, openRuntime } from '../stores.mjs'
import { k1s, runNode } from '../whole-process.mjs'

const program = fileURLToPath(new URL('../writing-process.mjs', import.meta.url))
const controllers = new URL('../controllers.mjs', import.meta.url).href

const atMost20 = { atMost: 20, of: 'value' }

/** What a run that has nothing to do adds to a process that writes an object: a program, and the command line with a hook. */
export async function measure() {
  return [
    await inTemporaryDirectory(addedToProgram),
    await inTemporaryDirectory((path) =>
      addedToCommand(path, {
        what: 'an after-write hook for other resources, added to k1s create, lmdb',
        afterWrite: { resources: ['items.inventory.k1s.dev'] },
        budget: atMost20,
      }),
    ),
    await inTemporaryDirectory((path) =>
      addedToCommand(path, {
        what: 'an after-write hook that loads controllers with nothing to do, added to k1s create, lmdb',
        afterWrite: { controllers: 'all' },
        budget: atMost20,
      }),
    ),
  ]
}

async function addedToProgram(path) {
  const runtime = await openRuntime(await openEngine('lmdb', path))
  await inFlight(1000, 64, (index) => runtime.client.create(item(itemName('item', index))))
  await managerOfItems(runtime, 'items').manager.runOnce()
  await runtime.close()
  return rowOf(
    'a run with nothing to do, added to a program that writes, lmdb',
    (name) => runNode([program, path, name]),
    (name) => runNode([program, path, name, 'run']),
    atMost20,
  )
}

async function addedToCommand(path, { what, afterWrite, budget }) {
  await fillInventory(path)
  const project = join(path, 'k1s.config.mjs')
  writeFileSync(
    project,
    `import { defineConfig } from ${JSON.stringify(import.meta.resolve('@k1s/controller-runtime/config'))}
export default defineConfig({
  controllers: async (manager) => (await import(${JSON.stringify(controllers)})).addItemController(manager, 'items'),
  afterWrite: ${JSON.stringify(afterWrite)},
})
`,
  )
  const env = { K1S_DATA_DIR: path, K1S_CONFIG: join(path, 'config') }
  const hooked = { ...env, K1S_PROJECT_CONFIG: project }
  runNode([k1s, 'controller', 'run'], hooked)
  const create = (name) => [k1s, 'create', 'configmap', name]
  return rowOf(
    what,
    (name) => runNode(create(name), env),
    (name) => runNode(create(name), hooked),
    budget,
  )
}

async function rowOf(what, without, withRun, budget) {
  const times = await alternate(
    {
      without: (round) => without(`alone-${round}`).wall,
      withRun: (round) => withRun(`with-${round}`).wall,
    },
    { rounds: 31, warmUp: 3 },
  )
  return {
    what,
    value: median(times.withRun.map((time, round) => time - times.without[round])),
    floor: median(times.without),
    unit: 'ms',
    floorIs: 'the whole process without it',
    budget,
  }
}
