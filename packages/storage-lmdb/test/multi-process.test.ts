import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Unstructured } from '@k1s/apimachinery'
import { MvccStore, storageKey, storagePrefix } from '@k1s/storage'
import { LmdbEngine } from '@k1s/storage-lmdb'
import { afterEach, beforeEach, expect, test } from 'vitest'

const script = fileURLToPath(new URL('./process.mjs', import.meta.url))
const place = { tenant: 'demo', resource: 'configmaps', namespace: 'default' }
const prefix = storagePrefix(place)

interface ConfigMap extends Unstructured {
  data: { value: number }
}

interface Running {
  child: ChildProcess
  /** What it told, so far. */
  messages: { [field: string]: unknown }[]
  ended: Promise<number | NodeJS.Signals | null>
}

let directory: string
const running = new Set<ChildProcess>()
beforeEach(() => {
  directory = mkdtempSync(`${tmpdir()}/k1s-processes-`)
})
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(directory, { recursive: true })
})

test('eight processes lose no update, and each sees every revision once and in order', async () => {
  const [processes, each] = [8, 500]
  const total = processes * each
  const all = Array.from({ length: processes }, () => start('increment', `${total}/${each}`))
  // Without one of them, the others would wait for ever.
  await Promise.all(all.map(async ({ ended }) => expect(await ended).toBe(0)))
  const expected = Array.from({ length: total }, (_, index) => [
    index === 0 ? 'ADDED' : 'MODIFIED',
    index + 2,
    index + 1,
  ])
  for (const { messages } of all) expect(messages).toEqual([{ seen: expected }])
})

test('nobody sees a store that is half made', async () => {
  const count = 100
  const creating = fileURLToPath(new URL('./creating-process.mjs', import.meta.url))
  const child = spawn(process.execPath, [creating, directory, String(count)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  running.add(child)
  const end = once(child, 'exit')
  const sizes = new Set<number>()
  for (let number = 0; number < count; number++) {
    const seen = () => statSync(`${directory}/${number}/data.mdb`, { throwIfNoEntry: false })?.size
    // All the time, and only now and then to hear whether the process has ended.
    let size: number | undefined
    for (let looks = 1; size === undefined && child.exitCode === null; looks++) {
      size = seen()
      if (looks % 1000 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    sizes.add((size ?? seen())!)
  }
  expect(await end).toEqual([0, null])
  expect([...sizes]).toEqual([8192])
  expect(readdirSync(`${directory}/0`).sort()).toEqual(['data.mdb', 'data.mdb-lock', 'signal'])
})

test('processes open the store while others, the last ones among them, close it', async () => {
  const [processes, rounds] = [4, 400]
  const ends = Array.from({ length: processes }, () => once(startReopening(rounds), 'exit'))
  for (const end of ends) expect(await end).toEqual([0, null])
  const engine = new LmdbEngine({ path: directory })
  try {
    const written = engine.read((reader) => Buffer.from(reader.get(Buffer.from('opened'))!).toString())
    expect(written).toBe(String((processes * rounds) / 100))
  } finally {
    await engine.close()
  }
})

test('processes that write lose no update to others that open the store, and read what they wrote', async () => {
  await new LmdbEngine({ path: directory }).close()
  const [processes, each] = [2, 200]
  const total = processes * each
  const reopening = Array.from({ length: 2 }, () => startReopening(Number.MAX_SAFE_INTEGER))
  const writing = Array.from({ length: processes }, () => start('increment', `${total}/${each}`))
  for (const { ended } of writing) expect(await ended).toBe(0)
  for (const child of reopening) {
    expect(child.exitCode).toBeNull()
    child.kill('SIGKILL')
  }
  const revisions = Array.from({ length: total }, (_, index) => index + 2)
  for (const { messages } of writing) {
    const [{ seen }] = messages as [{ seen: [string, number, number][] }]
    expect(seen.map(([, revision]) => revision)).toEqual(revisions)
  }
})

test('writers killed at random instants leave every acknowledged write, and a log that agrees with the state', async () => {
  const seed = Number(process.env.K1S_TEST_SEED ?? Date.now() % 1_000_000)
  console.log(`K1S_TEST_SEED=${seed}`)
  const random = generator(seed)
  const [writers, kills] = [4, 60]
  const all: Running[] = []
  const live = Array.from({ length: writers }, () => start('write'))
  all.push(...live)
  for (let kill = 0; kill < kills; kill++) {
    const victim = live[kill % writers]!
    // Not before it writes: a process that only starts up is not worth killing.
    await until(() => victim.messages.length > 0)
    await new Promise((resolve) => setTimeout(resolve, random() * 60))
    victim.child.kill('SIGKILL')
    expect(await victim.ended).toBe('SIGKILL')
    live[kill % writers] = start('write')
    all.push(live[kill % writers]!)
  }
  for (const { child, ended } of live) {
    child.kill('SIGKILL')
    await ended
  }

  await using store = new MvccStore(new LmdbEngine({ path: directory }))
  const revision = await store.currentRevision()
  const replayed = new Map<string, ConfigMap>()
  const written = new Map<number, ConfigMap | undefined>()
  if (revision > 1) {
    for await (const event of store.watch<ConfigMap>(prefix, { resourceVersion: '1' })) {
      if (event.type === 'ERROR') throw new Error(event.object.message)
      const at = Number(event.object.metadata.resourceVersion)
      expect(at).toBe(written.size + 2)
      written.set(at, event.type === 'DELETED' ? undefined : event.object)
      if (event.type === 'DELETED') replayed.delete(event.object.metadata.name!)
      else replayed.set(event.object.metadata.name!, event.object)
      if (at === revision) break
    }
  }
  const { items } = await store.getList<ConfigMap>(prefix)
  expect(new Map(items.map((item) => [item.metadata.name!, item]))).toEqual(replayed)
  expect((await store.stats(prefix)).count).toBe(items.length)
  const acknowledged = all.flatMap(({ messages }) => messages)
  console.log(`${acknowledged.length} acknowledged writes, ${revision - 1} in all`)
  expect(acknowledged.length).toBeGreaterThan(kills)
  for (const { name, value, removed, revision } of acknowledged) {
    const object = written.get(Number(revision))
    expect(written.has(Number(revision))).toBe(true)
    if (removed === true) expect(object).toBeUndefined()
    else expect([object?.metadata.name, object?.data.value]).toEqual([name, value])
  }
})

test('a write is visible to another process as soon as its promise resolved', async () => {
  await using store = new MvccStore(new LmdbEngine({ path: directory }))
  const key = storageKey({ ...place, name: 'counter' })
  const stale: unknown[] = []
  let told = 0
  const { ended } = start('tell', '300', async ({ value }) => {
    told++
    const seen = await store.get<ConfigMap>(key)
    if (seen.data.value < Number(value)) stale.push({ value, seen: seen.data.value })
  })
  expect(await ended).toBe(0)
  expect(told).toBe(300)
  expect(stale).toEqual([])
})

test('a watch in another process is told at once', async () => {
  const watcher = start('watch', '300')
  await until(() => watcher.messages.length > 0)
  const writer = start('tell', '300')
  expect(await writer.ended).toBe(0)
  expect(await watcher.ended).toBe(0)
  const acknowledged = new Map(writer.messages.map(({ value, at }) => [value, Number(at)]))
  const delays = watcher.messages
    .filter(({ value }) => value !== undefined)
    .map(({ value, at }) => Number(at) - acknowledged.get(value)!)
    .sort((a, b) => a - b)
  expect(delays.length).toBe(300)
  console.log(
    `commit to event, across processes: median ${delays[150]!.toFixed(2)} ms, p99 ${delays[296]!.toFixed(2)} ms`,
  )
  expect(delays[150]).toBeLessThan(50)
})

test('a writer names the process that holds the lock, gives up in time, and never writes later', async () => {
  const holder = start('hold')
  await until(() => holder.messages.length > 0)
  await using store = new MvccStore(new LmdbEngine({ path: directory }))
  expect((await store.getList(prefix)).items).toEqual([])
  const waiter = start('wait')
  await until(() => waiter.messages.length > 0)
  expect(waiter.messages[0]!.error).toBe(
    `Timeout: the store at ${directory} is locked by process ${holder.child.pid}, which did not release it within 0.3 seconds`,
  )
  holder.child.kill('SIGKILL')
  expect(await waiter.ended).toBe(0)
  await store.create(storageKey({ ...place, name: 'after' }), configMap('after'))
  expect((await store.getList(prefix)).items.map(({ metadata }) => metadata.name)).toEqual(['after'])
})

test('a process that forgets to close ends by itself', async () => {
  expect(await start('forget').ended).toBe(0)
})

test('files are for their owner only', async () => {
  await start('forget').ended
  const modes = ['', '/data.mdb', '/data.mdb-lock', '/signal', '/writer'].map(
    (file) => statSync(directory + file).mode & 0o777,
  )
  expect(modes.map((mode) => mode.toString(8))).toEqual(['700', '600', '600', '600', '600'])
})

function configMap(name: string): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value: 1 } }
}

function start(
  role: string,
  count = '',
  onMessage?: (message: { [field: string]: unknown }) => void,
): Running {
  const child = spawn(process.execPath, [script, role, directory, count], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.add(child)
  const messages: Running['messages'] = []
  const lines = createInterface({ input: child.stdout! }).on('line', (line) => {
    // The last line of a process that was killed may be cut off.
    if (!line.endsWith('}')) return
    const message = JSON.parse(line)
    messages.push(message)
    onMessage?.(message)
  })
  const closed = new Promise((resolve) => lines.once('close', resolve))
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('exit', (code, signal) => {
      running.delete(child)
      void closed.then(() => resolve(signal ?? code))
    })
  })
  return { child, messages, ended }
}

function startReopening(rounds: number): ChildProcess {
  const reopening = fileURLToPath(new URL('./reopening-process.mjs', import.meta.url))
  const child = spawn(process.execPath, [reopening, directory, String(rounds)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  running.add(child)
  return child
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 20_000
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within 20 s: ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
