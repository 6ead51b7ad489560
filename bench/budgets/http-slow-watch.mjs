import { setTimeout as sleep } from 'node:timers/promises'
import { requestAll, withConnections } from '../http-client.mjs'
import { anonymousMemoryOf, startServe } from '../http-processes.mjs'
import { WatchStream } from '../http-watch-stream.mjs'
import { item, itemName } from '../item.mjs'
import { inTemporaryDirectory } from '../stores.mjs'

const slow = 20
const objects = 64
const writes = Number(process.env.K1S_BENCH_WRITES ?? 100_000)
/** A watch whose client does not read is ended after 30 seconds: `watchStallMs`. */
const longestStall = 60_000
const collection = '/apis/inventory.k1s.dev/v1/namespaces/default/items'

/**
 * What watches cost whose clients do not read while 100,000 events are written, beside the same writes without them.
 * Throws if one of them is not ended, or if a watch that reads misses an event.
 */
export async function measure() {
  return inTemporaryDirectory(async (path) => {
    const { target, pid, stop } = await startServe(path)
    await withConnections(objects, target, (connections) =>
      requestAll(connections, objects, (connection, index) =>
        connection.request('POST', collection, JSON.stringify(item(itemName('item', index)))),
      ),
    )
    const reading = await WatchStream.open(
      target,
      `${collection}?watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan`,
    )
    const without = await peakOf(pid, () => write(target))
    const streams = await Promise.all(
      Array.from({ length: slow }, () =>
        WatchStream.open(
          target,
          `${collection}?watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan`,
        ),
      ),
    )
    for (const stream of streams) stream.pause()
    const start = performance.now()
    const peak = await peakOf(pid, () => write(target))
    await checkComplete(reading, 2 * writes)
    await checkEnded(streams, start)
    reading.close()
    await stop()
    return [
      {
        what: `peak memory with ${slow} watches that do not read ${writes.toLocaleString('en')} events`,
        value: peak,
        floor: without,
        unit: 'MiB',
        floorIs: 'the same writes without them',
        ratio: peak / without,
        budget: { atMost: 1.25, of: 'ratio' },
      },
    ]
  })
}

function write(target) {
  return withConnections(objects, target, (connections) => {
    const numbers = new Map(connections.map((connection, number) => [connection, number]))
    return requestAll(connections, writes, (connection, index) =>
      connection.request(
        'PATCH',
        `${collection}/${itemName('item', numbers.get(connection))}`,
        JSON.stringify({ spec: { quantity: objects + index } }),
        'application/merge-patch+json',
      ),
    )
  })
}

/** Throws unless a watch sees as many revisions, each once and in order, within some seconds. */
async function checkComplete({ revisions, failures }, count) {
  const end = performance.now() + 30_000
  while (revisions.length < count && failures.length === 0 && performance.now() < end) await sleep(100)
  const isInOrder = revisions.every((revision, index) => index === 0 || revision > revisions[index - 1])
  if (revisions.length !== count || !isInOrder || failures.length > 0)
    throw new Error(`a watch saw ${revisions.length} events of ${count} writes, ${failures}`)
}

async function peakOf(pid, body) {
  let peak = 0
  const sampling = setInterval(() => {
    peak = Math.max(peak, anonymousMemoryOf(pid))
  }, 100)
  await body()
  clearInterval(sampling)
  return peak
}

/** A watch that reads again soon after the server ended it is told why; later it finds its connection closed. */
async function checkEnded(streams, start) {
  while (performance.now() - start < 32_000) await sleep(100)
  for (const stream of streams) stream.resume()
  const end = performance.now() + longestStall
  const wasEnded = ({ isEnded, failures }) => isEnded || failures.some((line) => line.includes('"code":410'))
  while (!streams.every(wasEnded) && performance.now() < end) await sleep(100)
  for (const stream of streams) {
    const { revisions } = stream
    if (!wasEnded(stream)) throw new Error('a watch whose client does not read was not ended')
    if (revisions.length >= writes) throw new Error('a watch whose client did not read got all events')
  }
}
