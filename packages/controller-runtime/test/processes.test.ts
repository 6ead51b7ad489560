import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { isNotFound } from '@k1s/apimachinery'
import { mergePatch } from '@k1s/core'
import { describe, expect, test } from 'vitest'
import { ignoreAlreadyExists } from '../src/index.ts'
import { type ProcessOptions, processSandbox, type RunningProcess } from './process-sandbox.ts'
import { Category, category, countOf, Item, item, warehouseManager } from './warehouse.ts'

const sandbox = processSandbox()

const seed = Number(process.env.K1S_TEST_SEED ?? Date.now() % 1_000_000)
console.log(`K1S_TEST_SEED=${seed}`)
let state = seed

/** A number from 0 to below `end`, from the seed. */
function random(end: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
  // The lower bits of such a sequence repeat soon.
  return (state >>> 16) % end
}

const categories = ['a', 'b', 'c', 'd']
const names = Array.from({ length: 40 }, (_, index) => `item-${index}`)

async function createWarehouse(): Promise<void> {
  const { client } = sandbox.runtime
  await Promise.all([
    ...categories.map((name) => client.create(category(name))),
    ...names.map((name) => client.create(item(name, categories[random(4)]!, random(100)))),
  ])
}

/** Changes, moves, deletes or creates an Item. */
async function writeSomething(): Promise<void> {
  const { client } = sandbox.runtime
  const name = names[random(names.length)]!
  const wanted = item(name, categories[random(4)]!, random(100))
  try {
    if (random(8) === 0) await client.delete(Item, { name })
    else
      await client.patch(
        { ...wanted, metadata: { name, namespace: 'default' } },
        mergePatch({ spec: wanted.spec }),
      )
  } catch (error) {
    if (!isNotFound(error)) throw error
    await client.create(wanted).catch(ignoreAlreadyExists)
  }
}

/** What the controllers have not done, in the words of a reader. */
async function whatIsWrong(): Promise<string[]> {
  const { client } = sandbox.runtime
  const { items } = await client.list(Item)
  const unanswered = items
    .filter(({ spec, status }) => status?.seen !== spec.quantity)
    .map(({ metadata, spec, status }) => `${metadata.name}: has ${spec.quantity}, seen ${status?.seen}`)
  const counted = (await client.list(Category)).items.map(({ metadata, status }) => ({
    name: metadata.name,
    status,
    is: countOf(items.filter(({ spec }) => spec.category === metadata.name)),
  }))
  const miscounted = counted
    .filter(({ status, is }) => status?.items !== is.items || status.quantity !== is.quantity)
    .map(({ name, status, is }) => `${name}: is ${JSON.stringify(is)}, status ${JSON.stringify(status)}`)
  return [...unanswered, ...miscounted]
}

/** A run in this process. */
async function runHere(): Promise<string[]> {
  const { controllers } = await warehouseManager(sandbox.runtime).runOnce({ deadline: '10s' })
  return controllers.map(({ outcome }) => outcome)
}

test('after each of 50 kills of runs at random moments, while Items are written, the next run leaves nothing undone', async () => {
  await createWarehouse()
  const log = `${sandbox.path}/reconciles`
  const prepared = () => sandbox.start('run', { pause: 1, log })
  let kills = 0
  // About how long a run takes on this machine: runs that end before they are killed make it shorter.
  let within = 100
  let inTheMiddle = 0
  let next = prepared()
  while (kills < 50) {
    const running = next
    next = prepared()
    await running.ready
    await Promise.all(Array.from({ length: 12 }, writeSomething))
    running.tell()
    const killing = delay(random(within)).then(() => running.child.kill('SIGKILL'))
    for (let rest = random(16); rest > 0; rest--) await writeSomething()
    await killing
    const isKilled = (await running.ended) === 'SIGKILL'
    if (isKilled) kills++
    if (isKilled && readFileSync(log, 'latin1').includes(` ${running.pid}\n`)) inTheMiddle++
    within = Math.ceil(within * (isKilled ? 1.1 : 0.6))
    expect(await runHere()).toEqual(['idle', 'idle'])
    expect(await whatIsWrong()).toEqual([])
  }
  expect(inTheMiddle).toBeGreaterThan(0)
  // More than a hundred processes take a while where others want the processors too.
}, 180_000)

describe('a run that is killed', () => {
  const state = 'k1s-controller-item'

  /** What a run reconciled that was killed. */
  async function killedRun(kill: NonNullable<ProcessOptions['kill']>, pause = 0): Promise<string[]> {
    const log = `${sandbox.path}/reconciles`
    const running = sandbox.start('run', { log, kill, pause })
    await running.ready
    running.tell()
    expect(await running.ended).toBe('SIGKILL')
    return readFileSync(log, 'latin1').match(/(?<=^end )\S+/gm) ?? []
  }

  /** What a run in this process reconciled. Nothing may have to wait for the Lease of a dead one to run out. */
  async function runNoting(): Promise<string[]> {
    const reconciled: string[] = []
    const around = async (name: string, work: () => Promise<void>) => {
      reconciled.push(name)
      await work()
    }
    await warehouseManager(sandbox.runtime, { around }).runOnce({ deadline: '10s' })
    return reconciled
  }

  test('after its work and before it has kept that is done again', async () => {
    await createWarehouse()
    expect(await runHere()).toEqual(['idle', 'idle'])
    await writeAll()
    const done = await killedRun({ when: 'before', verb: 'update', resource: 'configmaps', name: state })
    expect(new Set(done)).toEqual(new Set(names))
    expect(new Set(await runNoting())).toEqual(new Set(names))
    expect(await whatIsWrong()).toEqual([])
  })

  test('after it has kept how far it was goes on from there', async () => {
    await createWarehouse()
    expect(await runHere()).toEqual(['idle', 'idle'])
    await writeAll()
    const kill = { when: 'after', verb: 'update', resource: 'configmaps', name: state } as const
    const done = await killedRun(kill, 150)
    expect(done.length).toBeGreaterThan(0)
    expect(done.length).toBeLessThan(names.length)
    expect(new Set([...done, ...(await runNoting())])).toEqual(new Set(names))
    expect(await whatIsWrong()).toEqual([])
  })

  test('after it has kept that and before it gave its Lease back is not done again, and its Lease is free at once', async () => {
    await createWarehouse()
    await killedRun({ when: 'before', verb: 'update', resource: 'leases', name: state })
    await sandbox.runtime.client.create(item('new', 'a', 7))
    expect(new Set(await runNoting())).toEqual(new Set(['new']))
    expect(await whatIsWrong()).toEqual([])
  })
})

async function writeAll(): Promise<void> {
  const { client } = sandbox.runtime
  const { items } = await client.list(Item)
  await Promise.all(
    items.map((found) => client.patch(found, mergePatch({ spec: { quantity: found.spec.quantity + 1 } }))),
  )
}

/** The processes that began reconciles, in order. */
function pidsIn(log: string): string[] {
  return readFileSync(log, 'latin1').match(/(?<=^begin \S+ )\d+$/gm) ?? []
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await delay(5)
}

/**
 * Pairs of reconciles of one Item of which one began before the other had ended. One that was killed ends with its process, whose
 * death the next line of another process proves: a process that writes a line later was not dead.
 */
function overlaps(log: string, killed: ReadonlySet<string>): string[] {
  const lines = readFileSync(log, 'latin1')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ') as [string, string, string])
  const lastLine = new Map(lines.map(([, , pid], index) => [pid, index]))
  const open = new Map<string, string>()
  const found: string[] = []
  for (const [index, [what, name, pid]] of lines.entries()) {
    const other = open.get(name)
    if (what === 'end') {
      open.delete(name)
      continue
    }
    const isDead = other !== undefined && killed.has(other) && lastLine.get(other)! < index
    if (other !== undefined && !isDead) found.push(`${name}: ${pid} began while ${other} was at it`)
    open.set(name, pid)
  }
  return found
}

test.each([2, 4])(
  'of %i runners at once, of which some are killed and stopped, no two reconcile one object at a time',
  async (count) => {
    await createWarehouse()
    const log = `${sandbox.path}/reconciles`
    const roles = ['loop', 'follow'] as const
    const start = (index: number) => sandbox.start(roles[index % 4 === 3 ? 1 : 0]!, { log, pause: 3 })
    const runners: RunningProcess[] = Array.from({ length: count }, (_, index) => start(index))
    const killed = new Set<string>()
    await Promise.all(runners.map(({ ready }) => ready))
    await until(() => pidsIn(log).length > 0)
    for (let round = 0; round < 12; round++) {
      await Promise.all(Array.from({ length: 10 }, writeSomething))
      await delay(random(40))
      // Whoever reconciles, or did last, is killed; any may be stopped.
      const last = runners.findIndex(({ pid }) => pidsIn(log).at(-1) === String(pid))
      const index = round % 2 === 0 || last === -1 ? random(count) : last
      const runner = runners[index]!
      if (round % 2 === 0) {
        runner.child.kill('SIGSTOP')
        await delay(random(60))
        runner.child.kill('SIGCONT')
      } else {
        runner.child.kill('SIGKILL')
        killed.add(String(runner.pid))
        expect(await runner.ended).toBe('SIGKILL')
        runners[index] = start(index)
      }
    }
    await Promise.all(runners.map(({ ready }) => ready))
    const before = pidsIn(log).length
    await writeAll()
    await until(() => pidsIn(log).length > before)
    for (const runner of runners) runner.tell()
    for (const { ended } of runners) expect(await ended).toBe(0)
    expect(await runHere()).toEqual(['idle', 'idle'])
    expect(await whatIsWrong()).toEqual([])
    expect(overlaps(log, killed)).toEqual([])
    expect(new Set(pidsIn(log)).size).toBeGreaterThan(1)
  },
)
