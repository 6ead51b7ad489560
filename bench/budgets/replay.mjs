import { Item, item, itemName } from '../item.mjs'
import { alternate, inFlight, median, medianRatio, timeOf } from '../measure.mjs'
import { inTemporaryDirectory, openEngine, openRuntime } from '../stores.mjs'

const events = 10_000

/** A watch from a revision 10,000 events ago, by a runtime that has seen none of them, up to the last. */
export async function measure() {
  return inTemporaryDirectory(async (path) => {
    const writer = await openRuntime(await openEngine('lmdb', path))
    const { metadata } = await writer.client.list(Item)
    await inFlight(events, 64, (index) => writer.client.create(item(itemName('item', index))))
    const { items } = await writer.client.list(Item)
    const texts = items.map((object) => JSON.stringify(object))
    await writer.close()
    const times = await alternate(
      {
        parse: () => timeOf(() => texts.map((text) => JSON.parse(text))),
        async replay() {
          const runtime = await openRuntime(await openEngine('lmdb', path))
          const seen = []
          const duration = await timeOf(async () => {
            for await (const event of runtime.client.watch(Item, {
              resourceVersion: metadata.resourceVersion,
            })) {
              if (seen.push(event) === events) break
            }
          })
          await runtime.close()
          return duration
        },
      },
      { rounds: 11, warmUp: 3 },
    )
    return [
      {
        what: `replay of ${events.toLocaleString('en')} events, lmdb`,
        value: median(times.replay),
        floor: median(times.parse),
        unit: 'ms',
        floorIs: 'JSON.parse of the same objects',
        ratio: medianRatio(times.replay, times.parse),
        budget: { atMost: 100, of: 'value' },
      },
    ]
  })
}
