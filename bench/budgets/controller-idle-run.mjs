import { fileURLToPath } from 'node:url'
import { managerOfItems } from '../controllers.mjs'
import { item, itemName } from '../item.mjs'
import { alternate, inFlight, median } from '../measure.mjs'
import { inTemporaryDirectory, openEngine, openRuntime } from '../stores.mjs'
import { runNode } from '../whole-process.mjs'

const program = fileURLToPath(new URL('../writing-process.mjs', import.meta.url))

/** What a run that has nothing to do adds to a process that writes an object, with 1,000 objects of the watched kind. */
export async function measure() {
  return inTemporaryDirectory(async (path) => {
    const runtime = await openRuntime(await openEngine('lmdb', path))
    await inFlight(1000, 64, (index) => runtime.client.create(item(itemName('item', index))))
    await managerOfItems(runtime, 'items').manager.runOnce()
    await runtime.close()
    const times = await alternate(
      {
        write: (round) => runNode([program, path, `alone-${round}`]).wall,
        run: (round) => runNode([program, path, `with-${round}`, 'run']).wall,
      },
      { rounds: 31, warmUp: 3 },
    )
    return [
      {
        what: 'a run with nothing to do, added to a process that writes, lmdb',
        value: median(times.run.map((time, round) => time - times.write[round])),
        floor: median(times.write),
        unit: 'ms',
        floorIs: 'the whole process without it',
        budget: { atMost: 20, of: 'value' },
      },
    ]
  })
}
