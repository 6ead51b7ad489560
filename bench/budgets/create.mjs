import { bareCommits } from '../bare-commits.mjs'
import { item, itemName } from '../item.mjs'
import { alternate, inFlight, median, medianRatio, timeOf } from '../measure.mjs'
import { inTemporaryDirectory, openEngine, openRuntime } from '../stores.mjs'

const atOnce = 64
const perRound = 5000

/** Creates through the client, 64 in flight. */
export async function measure() {
  return [await createOn('memory', 30_000), await createOn('lmdb', 15_000)]
}

async function createOn(type, atLeast) {
  return inTemporaryDirectory(async (path) => {
    const runtime = await openRuntime(await openEngine(type, `${path}/client`))
    const bare = await bareCommits(type, `${path}/bare`)
    const rate = async (operation) =>
      perRound / ((await timeOf(() => inFlight(perRound, atOnce, operation))) / 1000)
    const rates = await alternate(
      {
        bare: () => rate(() => bare.commit()),
        client: (round) => rate((index) => runtime.client.create(item(itemName(`round${round}`, index)))),
      },
      { rounds: 9, warmUp: 3, collect: false },
    )
    await bare.close()
    await runtime.close()
    return {
      what: `client create, ${type}, ${atOnce} in flight`,
      value: median(rates.client),
      floor: median(rates.bare),
      unit: '/s',
      floorIs: 'bare commits of the engine, 64 in flight',
      ratio: medianRatio(rates.client, rates.bare),
      budget: { atLeast, of: 'value' },
    }
  })
}
