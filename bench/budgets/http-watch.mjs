import { setTimeout as sleep } from 'node:timers/promises'
import { withConnections } from '../http-client.mjs'
import { anonymousMemoryOf, startServe } from '../http-processes.mjs'
import { WatchStream } from '../http-watch-stream.mjs'
import { item, itemName } from '../item.mjs'
import { median, percentile } from '../measure.mjs'
import { inTemporaryDirectory } from '../stores.mjs'

const watchers = 200
const writers = 50
/** Writes of the first seconds are not measured: connections have just been made, and code is not compiled yet. */
const warmUp = 5
const collection = '/apis/inventory.k1s.dev/v1/namespaces/default/items'

/**
 * 200 watches of one resource of `k1s serve` on LMDB and 50 writers, over TLS with a token: K1S_BENCH_SECONDS for each of the
 * rates of K1S_BENCH_RATES, in writes per second of each writer. The budget is for the first rate. Throws if an event is lost,
 * doubled or out of order.
 */
export async function measure() {
  const seconds = Number(process.env.K1S_BENCH_SECONDS ?? 60)
  const rates = (process.env.K1S_BENCH_RATES ?? '1,2').split(',').map(Number)
  return inTemporaryDirectory(async (path) => {
    const server = await startServe(path)
    const rows = []
    for (const rate of rates) {
      rows.push(...rowsOf(rate, rate === rates[0], await underLoad(server, rate, seconds)))
    }
    await server.stop()
    return rows
  })
}

function rowsOf(rate, isFirst, { latencies, memory, writes, seconds }) {
  const load = `${watchers} watches, ${writers} writers at ${rate}/s each`
  return [
    {
      what: `${load}: events delivered`,
      value: (writes * watchers) / seconds,
      unit: '/s',
      budget: { atLeast: 0.99 * watchers * writers * rate, of: 'value' },
    },
    {
      what: `${load}: p50 from sending the write to the event`,
      value: percentile(latencies, 0.5),
      unit: 'ms',
    },
    {
      what: `${load}: p99 from sending the write to the event`,
      value: percentile(latencies, 0.99),
      unit: 'ms',
      ...(isFirst && { budget: { atMost: 20, of: 'value' } }),
    },
    {
      what: `${load}: memory of the last third`,
      ...growth(memory),
      unit: 'MiB',
      floorIs: 'memory of the second third',
      budget: { atMost: 1.1, of: 'ratio' },
    },
  ]
}

function growth(memory) {
  const third = Math.floor(memory.length / 3)
  const value = median(memory.slice(-third))
  const floor = median(memory.slice(third, 2 * third))
  return { value, floor, ratio: value / floor }
}

async function underLoad({ target, pid }, rate, seconds) {
  await createObjects(target)
  const streams = await openWatches(target)
  const memory = []
  const sampling = setInterval(() => memory.push(anonymousMemoryOf(pid)), 250)
  const { writes, start } = await write(target, rate, warmUp + seconds)
  await settled(streams, writes.length)
  clearInterval(sampling)
  for (const stream of streams) stream.close()
  const counted = start + warmUp * 1000
  const sentAt = new Map(writes.map(({ revision, sent }) => [revision, sent]))
  const revisions = [...sentAt.keys()].sort((a, b) => a - b)
  const latencies = streams.flatMap((stream) => {
    checkSame(stream, revisions)
    return stream.arrivals.flatMap((arrival, index) => {
      const sent = sentAt.get(stream.revisions[index])
      return sent < counted ? [] : [arrival - sent]
    })
  })
  return { latencies, memory, writes: writes.filter(({ sent }) => sent >= counted).length, seconds }
}

/** The objects of the writers, unless they are there. */
function createObjects(target) {
  return withConnections(1, target, async ([connection]) => {
    const { items } = JSON.parse(await connection.request('GET', collection))
    for (let writer = items.length; writer < writers; writer++) {
      await connection.request('POST', collection, JSON.stringify(item(itemName('written', writer))))
    }
  })
}

/** Watches from now on. */
function openWatches(target) {
  return withConnections(1, target, async ([connection]) => {
    const { metadata } = JSON.parse(await connection.request('GET', `${collection}?limit=1`))
    const path = `${collection}?watch=true&resourceVersion=${metadata.resourceVersion}`
    return Promise.all(Array.from({ length: watchers }, () => WatchStream.open(target, path)))
  })
}

/**
 * Each writer patches an object of its own at its rate; one that is late does not wait before its next write. Resolves
 * to when they began, the revision of each write, and when it was sent.
 */
function write(target, rate, seconds) {
  return withConnections(writers, target, async (connections) => {
    const writes = []
    const start = performance.now()
    const writer = async (connection, number) => {
      const path = `${collection}/${itemName('written', number)}`
      for (let count = 0; count < rate * seconds; count++) {
        const due = start + ((count + number / writers) * 1000) / rate
        if (due > performance.now()) await sleep(due - performance.now())
        const body = JSON.stringify({ spec: { quantity: Math.floor(Math.random() * 2 ** 50) } })
        const sent = performance.now()
        const answer = await connection.request('PATCH', path, body, 'application/merge-patch+json')
        writes.push({ revision: Number(JSON.parse(answer).metadata.resourceVersion), sent })
      }
    }
    await Promise.all(connections.map(writer))
    return { writes, start }
  })
}

/** Waits until every watch has seen as many events, at most ten seconds. */
async function settled(streams, count) {
  const end = performance.now() + 10_000
  while (streams.some(({ revisions }) => revisions.length < count) && performance.now() < end) await sleep(50)
}

/** Throws unless a watch saw exactly these revisions, in their order. */
function checkSame({ revisions, failures }, expected) {
  if (failures.length > 0) throw new Error(`a watch failed: ${failures[0]}`)
  if (revisions.length !== expected.length)
    throw new Error(`a watch saw ${revisions.length} events of ${expected.length} writes`)
  for (const [index, revision] of expected.entries()) {
    if (revisions[index] !== revision)
      throw new Error(`event ${index} of a watch is of revision ${revisions[index]} and not ${revision}`)
  }
}
