import type { Unstructured } from '@k1s/apimachinery'
import { type Client, createRuntime, type WatchOptions } from '@k1s/core'
import { ConnectionError } from '@k1s/core/http'
import {
  createSharedInformer,
  objectKeyOf,
  type ResourceEventHandler,
  type SharedIndexInformer,
} from '@k1s/core/informers'
import { MemoryEngine, MvccStore } from '@k1s/storage'
import { FakeClock } from '@k1s/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ConfigMap, ConfigMaps, configMap } from './kinds.ts'

/** What happens to a store, to the way there, and to the informer. */
type Step =
  | { type: 'put' | 'delete'; name: string }
  | { type: 'handle'; pause: number }
  | { type: 'cut' | 'down' | 'up' | 'compact' }
  | { type: 'outage'; written: readonly (Step & { type: 'put' | 'delete' })[] }
  | { type: 'wait'; ms: number }

const name = fc.constantFrom('a', 'b', 'c', 'd')
const written = fc.record({ type: fc.constantFrom('put', 'put', 'delete'), name })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: written },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('handle' as const), pause: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('cut', 'down', 'up', 'compact') }) },
  // What happens meanwhile is forgotten by the time that the API is back.
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('outage' as const),
      written: fc.array(written, { maxLength: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.nat(5000) }) },
)

/** A client whose watches can be cut off, and then not be had for some time. */
class Connected {
  readonly client: Client
  isDown = false
  #cutting = new AbortController()

  constructor(client: Client) {
    this.client = {
      list: (...request: Parameters<Client['list']>) => {
        this.#check()
        return client.list(...request)
      },
      watch: (kind: typeof ConfigMaps, { signal, ...options }: WatchOptions) => {
        this.#check()
        return client.watch(kind, { ...options, signal: AbortSignal.any([signal!, this.#cutting.signal]) })
      },
    } as unknown as Client
  }

  cut(): void {
    this.#cutting.abort()
    this.#cutting = new AbortController()
  }

  #check(): void {
    if (this.isDown) throw new ConnectionError('GET', 'http://a', 'dial tcp: connect: connection refused')
  }
}

/** Sees to it that what a handler is told of an object makes one story. */
class Historian implements ResourceEventHandler<ConfigMap> {
  readonly objects = new Map<string, Unstructured>()
  readonly pause: number
  readonly #clock: FakeClock

  constructor(clock: FakeClock, pause: number) {
    this.#clock = clock
    this.pause = pause
  }

  onAdd(object: ConfigMap): Promise<void> | undefined {
    expect(this.objects.get(objectKeyOf(object))).toBeUndefined()
    return this.#took(object)
  }

  onUpdate(previous: ConfigMap, object: ConfigMap): Promise<void> | undefined {
    expect(this.objects.get(objectKeyOf(object))).toEqual(previous)
    expect(versionOf(object)).toBeGreaterThan(versionOf(previous))
    return this.#took(object)
  }

  onDelete(object: ConfigMap, isStateUnknown: boolean): void {
    const known = this.objects.get(objectKeyOf(object))
    expect(known).toBeDefined()
    if (isStateUnknown) expect(object).toEqual(known)
    else expect(versionOf(object)).toBeGreaterThan(versionOf(known!))
    this.objects.delete(objectKeyOf(object))
  }

  #took(object: ConfigMap): Promise<void> | undefined {
    this.objects.set(objectKeyOf(object), object)
    if (this.pause === 0) return undefined
    return new Promise((resolve) => {
      this.#clock.setTimer(resolve, this.pause * 100)
    })
  }
}

const versionOf = ({ metadata }: Unstructured) => Number(metadata.resourceVersion)
const byKey = (objects: Iterable<Unstructured>) =>
  Object.fromEntries([...objects].map((object) => [objectKeyOf(object), object]))

test('whatever is written and however watches end, an informer has what the store has in the end, and each handler a consistent history', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const clock = new FakeClock()
      const store = new MvccStore(new MemoryEngine())
      await using runtime = await createRuntime({ storage: store })
      const connected = new Connected(runtime.client)
      const informer = createSharedInformer(ConfigMaps, { client: connected.client, clock })
      informer.setWatchErrorHandler(() => {})
      const historians: Historian[] = []
      const handle = (pause: number) => {
        const historian = new Historian(clock, pause)
        historians.push(historian)
        informer.addEventHandler(historian)
      }
      const write = async (step: Step & { type: 'put' | 'delete' }, count: number) => {
        const key = { name: step.name }
        const exists = await runtime.client.get(ConfigMaps, key).catch(() => undefined)
        if (step.type === 'delete') {
          if (exists !== undefined) await runtime.client.delete(ConfigMaps, key)
        } else if (exists === undefined) await runtime.client.create(configMap(step.name))
        else await runtime.client.update({ ...exists, data: { count: String(count) } })
      }
      handle(0)
      const stop = new AbortController()
      const running = informer.run(stop.signal)
      let count = 0
      const take = async (step: Step): Promise<void> => {
        if (step.type === 'put' || step.type === 'delete') await write(step, count++)
        else if (step.type === 'handle') handle(step.pause)
        else if (step.type === 'wait') await clock.advance(step.ms)
        else if (step.type === 'compact') await store.compact(await store.currentRevision())
        else if (step.type === 'cut') connected.cut()
        else if (step.type === 'outage') {
          await clock.advance(0)
          await take({ type: 'down' })
          for (const each of step.written) await take(each)
          await take({ type: 'compact' })
          await take({ type: 'up' })
        } else {
          connected.isDown = step.type === 'down'
          if (connected.isDown) connected.cut()
        }
      }
      for (const step of steps) await take(step)
      connected.isDown = false
      await converged(informer, store, clock)
      await clock.advance(20_000)
      const { items } = await runtime.client.list(ConfigMaps)
      expect(byKey(informer.indexer.list())).toEqual(byKey(items))
      for (const historian of historians) {
        expect(byKey(historian.objects.values())).toEqual(byKey(items))
      }
      stop.abort()
      await running
    }),
    { numRuns: 60 },
  )
})

/** The informer has seen the last revision, by the time that its failures take. */
async function converged(
  informer: SharedIndexInformer<ConfigMap>,
  store: MvccStore,
  clock: FakeClock,
): Promise<void> {
  const last = await store.currentRevision()
  for (let turns = 0; Number(informer.lastSyncResourceVersion) < last; turns++) {
    if (turns > 200) throw new Error(`at ${informer.lastSyncResourceVersion}, not ${last}`)
    await clock.advance(1000)
  }
}
