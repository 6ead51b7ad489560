import { checkPrintsTen, fillInventory, getOn } from '../inventory.mjs'
import { alternate, median, medianRatio } from '../measure.mjs'
import { inTemporaryDirectory } from '../stores.mjs'
import { peakMemoryOf, runNode } from '../whole-process.mjs'

/** `k1s get` of ten objects of a custom kind and of ten config maps, whole process. */
export async function measure() {
  return inTemporaryDirectory(async (path) => {
    await fillInventory(path)
    const rows = []
    for (const resource of ['items', 'configmaps']) {
      const get = getOn(path, resource)
      checkPrintsTen(get)
      const times = await alternate(
        { node: () => runNode(['-e', '0']).wall, get: () => runNode(get.args, get.env).wall },
        { rounds: 31, warmUp: 3 },
      )
      const memory = await alternate(
        { node: () => peakMemoryOf(['-e', '0']), get: () => peakMemoryOf(get.args, get.env) },
        { rounds: 7 },
      )
      rows.push(
        {
          what: `k1s get of 10 ${resource}, wall time`,
          value: median(times.get),
          floor: median(times.node),
          unit: 'ms',
          floorIs: 'node -e 0',
          ratio: medianRatio(times.get, times.node),
          budget: { atMost: 1.3, of: 'ratio' },
        },
        {
          what: `k1s get of 10 ${resource}, peak memory`,
          value: median(memory.get),
          floor: median(memory.node),
          unit: 'MiB',
          floorIs: 'node -e 0',
          ratio: medianRatio(memory.get, memory.node),
          budget: { atMost: 50, of: 'value' },
        },
      )
    }
    return rows
  })
}
