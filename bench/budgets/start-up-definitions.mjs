import { checkPrintsTen, fillInventory, getOn } from '../inventory.mjs'
import { alternate, median, medianRatio } from '../measure.mjs'
import { inTemporaryDirectory } from '../stores.mjs'
import { peakMemoryOf, runNode } from '../whole-process.mjs'

const definitions = 200

/** The same with 200 installed definitions of 100 to 400 kB, against the store without them. */
export async function measure() {
  return inTemporaryDirectory(async (path) => {
    await fillInventory(`${path}/without`)
    const bytes = await fillInventory(`${path}/with`, { definitions })
    const rows = []
    for (const resource of ['items', 'configmaps']) {
      const [without, loaded] = [getOn(`${path}/without`, resource), getOn(`${path}/with`, resource)]
      checkPrintsTen(loaded)
      const times = await alternate(
        {
          without: () => runNode(without.args, without.env).wall,
          loaded: () => runNode(loaded.args, loaded.env).wall,
        },
        { rounds: 31, warmUp: 3 },
      )
      const memory = await alternate(
        {
          without: () => peakMemoryOf(without.args, without.env),
          loaded: () => peakMemoryOf(loaded.args, loaded.env),
        },
        { rounds: 7 },
      )
      const floorIs = `without the definitions (${Math.round(bytes / 2 ** 20)} MiB of JSON)`
      rows.push(
        {
          what: `k1s get of 10 ${resource}, ${definitions} CRDs, wall time`,
          value: median(times.loaded),
          floor: median(times.without),
          unit: 'ms',
          floorIs,
          ratio: medianRatio(times.loaded, times.without),
          budget: { atMost: 1.1, of: 'ratio' },
        },
        {
          what: `k1s get of 10 ${resource}, ${definitions} CRDs, peak memory`,
          value: median(memory.loaded),
          floor: median(memory.without),
          unit: 'MiB',
          floorIs,
          ratio: medianRatio(memory.loaded, memory.without),
          budget: { atMost: 1.1, of: 'ratio' },
        },
      )
    }
    return rows
  })
}
