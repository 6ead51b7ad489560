import { bareCommits } from '../bare-commits.mjs'
import { item, itemName } from '../item.mjs'
import { alternate, median, medianRatio, timeOf } from '../measure.mjs'
import { inTemporaryDirectory, openEngine, openRuntime } from '../stores.mjs'

const perRound = 50

/** Durable creates through the client, one after the other. */
export async function measure() {
  return inTemporaryDirectory(async (path) => {
    const runtime = await openRuntime(await openEngine('lmdb', `${path}/client`))
    const bare = await bareCommits('lmdb', `${path}/bare`)
    // Rounds are short, since what a flush costs drifts.
    const rate = async (operation) => {
      const duration = await timeOf(async () => {
        for (let index = 0; index < perRound; index++) await operation(index)
      })
      return perRound / (duration / 1000)
    }
    const rates = await alternate(
      {
        bare: () => rate(() => bare.commit()),
        client: (round) => rate((index) => runtime.client.create(item(itemName(`round${round}`, index)))),
      },
      { rounds: 80, warmUp: 10, collect: false },
    )
    await bare.close()
    await runtime.close()
    return [
      {
        what: 'client create, lmdb, one after the other',
        value: median(rates.client),
        floor: median(rates.bare),
        unit: '/s',
        floorIs: 'bare commits: one engine.write of as many records and bytes',
        ratio: medianRatio(rates.client, rates.bare),
        budget: { atLeast: 0.8, of: 'ratio' },
      },
    ]
  })
}
