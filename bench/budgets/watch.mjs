import { fork } from 'node:child_process'
import { once } from 'node:events'
import { open, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Item, item, itemName } from '../item.mjs'
import { percentile } from '../measure.mjs'
import { inTemporaryDirectory, openEngine, openRuntime } from '../stores.mjs'

const samples = 1000
/** Milliseconds between commits: a watcher at rest is what is measured, not one that works through a queue. */
const pause = 2

/** From the commit to the event at a client's watch, in this process and in another one. */
export async function measure() {
  const same = { floorIs: 'none', atMost: 1 }
  return [
    ...rowsOf('memory, same process', await sameProcess('memory'), same),
    ...rowsOf('lmdb, same process', await sameProcess('lmdb'), same),
    ...rowsOf('lmdb, other process', await otherProcess(), {
      floorIs: 'a write to a file and fs.watch',
      atMost: 3,
    }),
  ]
}

function rowsOf(where, { latencies, floors }, { floorIs, atMost }) {
  const row = (share, budget) => {
    const value = percentile(latencies, share)
    const floor = floors === undefined ? undefined : percentile(floors, share)
    return {
      what: `watch, ${where}, p${share * 100}`,
      value,
      floor,
      unit: 'ms',
      floorIs,
      ratio: floor === undefined ? undefined : value / floor,
      budget,
    }
  }
  return [row(0.5, undefined), row(0.99, { atMost, of: 'value' })]
}

/** The moment of each commit: the first word that the engine gives of it. */
function commitsOf(engine) {
  const times = new Map()
  let name
  const stop = engine.onCommit(() => {
    if (name !== undefined) times.set(name, process.hrtime.bigint())
    name = undefined
  })
  return {
    times,
    stop,
    expect(next) {
      name = next
    },
  }
}

async function create(client, commits, name) {
  commits.expect(name)
  await client.create(item(name))
  await sleep(pause)
}

async function sameProcess(type) {
  return inTemporaryDirectory(async (path) => {
    const engine = await openEngine(type, path)
    const commits = commitsOf(engine)
    const runtime = await openRuntime(engine)
    const seen = new Map()
    const abort = new AbortController()
    const watching = (async () => {
      for await (const { object } of runtime.client.watch(Item, { signal: abort.signal })) {
        seen.set(object.metadata.name, process.hrtime.bigint())
      }
    })()
    for (let number = 0; number < samples; number++)
      await create(runtime.client, commits, itemName('item', number))
    abort.abort()
    await watching
    commits.stop()
    await runtime.close()
    return { latencies: latenciesOf(commits.times, seen) }
  })
}

async function otherProcess() {
  return inTemporaryDirectory(async (path) => {
    const engine = await openEngine('lmdb', path)
    const commits = commitsOf(engine)
    const runtime = await openRuntime(engine)
    const plainFile = `${path}/plain`
    await writeFile(plainFile, '')
    const watcher = fork(fileURLToPath(new URL('../watching-process.mjs', import.meta.url)), [
      path,
      plainFile,
    ])
    await once(watcher, 'message')
    const plain = await open(plainFile, 'r+')
    const plainTimes = new Map()
    for (let number = 0; number < samples; number++) {
      await create(runtime.client, commits, itemName('item', number))
      plainTimes.set(String(number), process.hrtime.bigint())
      await plain.write(String(number).padEnd(8), 0)
      await sleep(pause)
    }
    await sleep(100)
    watcher.send('end')
    const [{ events, changes }] = await once(watcher, 'message')
    await plain.close()
    commits.stop()
    await runtime.close()
    const toMap = (entries) => new Map(entries.map(([name, time]) => [name, BigInt(time)]))
    return {
      latencies: latenciesOf(commits.times, toMap(events)),
      floors: latenciesOf(plainTimes, toMap(changes)),
    }
  })
}

/** In milliseconds. hrtime is the monotonic clock, which the processes of a machine share. */
function latenciesOf(from, to) {
  const both = [...from].filter(([name]) => to.has(name))
  if (both.length < samples) throw new Error(`of ${samples} changes only ${both.length} were seen`)
  return both.map(([name, time]) => Number(to.get(name) - time) / 1e6)
}
