import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ManualClock } from '../../test/manual-clock.ts'
import { RecordedQueueMetrics } from '../../test/recorded-queue-metrics.ts'
import { createWorkQueue } from './priority-queue.ts'
import { defaultRateLimiter } from './rate-limiters.ts'
import type { QueuedRequest } from './request-queue.ts'

type Step =
  | { readonly type: 'add'; readonly name: string; readonly after: number; readonly priority: number }
  | { readonly type: 'tryGet' }
  | { readonly type: 'get' }
  | { readonly type: 'leave' }
  | { readonly type: 'done'; readonly name: string }
  | { readonly type: 'advance'; readonly time: number }
  | { readonly type: 'skip'; readonly time: number }

interface ModelItem {
  readonly name: string
  priority: number
  dueAt: number
  isWaiting: boolean
  order: number
}

/** The queue as its documentation says it, without anything that makes it quick. */
class Model {
  now: number
  items: ModelItem[] = []
  readonly inFlight = new Set<string>()
  takers = 0
  readonly handedOut: string[] = []
  #order = 0

  constructor(now: number) {
    this.now = now
  }

  add(name: string, after: number, priority: number): void {
    this.moveDue()
    const dueAt = this.now + after
    const item = this.items.find((each) => each.name === name)
    if (item === undefined) {
      this.items.push({ name, priority, dueAt, isWaiting: after > 0, order: this.#order++ })
    } else {
      if (priority > item.priority) Object.assign(item, { priority, order: this.#order++ })
      if (item.isWaiting) Object.assign(item, { dueAt: Math.min(item.dueAt, dueAt), isWaiting: after > 0 })
    }
    this.handOut()
  }

  tryGet(): void {
    this.moveDue()
    this.handOut()
    this.#take()
  }

  done(name: string): void {
    if (!this.inFlight.delete(name)) return
    this.moveDue()
    this.handOut()
  }

  advance(time: number): void {
    const end = this.now + time
    for (;;) {
      const next = Math.min(...this.items.filter((item) => item.isWaiting).map((item) => item.dueAt))
      if (next > end) break
      this.now = Math.max(this.now, next)
      this.moveDue()
      this.handOut()
    }
    this.now = end
  }

  moveDue(): void {
    const due = this.items.filter((item) => item.isWaiting && item.dueAt <= this.now)
    due.sort((a, b) => a.dueAt - b.dueAt || b.priority - a.priority || a.order - b.order)
    for (const item of due) Object.assign(item, { isWaiting: false, order: this.#order++ })
  }

  handOut(): void {
    while (this.takers > 0 && this.#take()) this.takers--
  }

  #take(): boolean {
    const ready = this.items.filter((item) => !item.isWaiting && !this.inFlight.has(item.name))
    const [first] = ready.sort((a, b) => b.priority - a.priority || a.order - b.order)
    if (first === undefined) return false
    this.items = this.items.filter((item) => item !== first)
    this.inFlight.add(first.name)
    this.handedOut.push(`${first.name} ${first.priority}`)
    return true
  }
}

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const time = fc.integer({ min: 0, max: 20 })
const priority = fc.integer({ min: -2, max: 2 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('add'), name, priority, after: fc.oneof(fc.constant(0), time) }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('tryGet') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('get') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('leave') }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('done'), name }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('advance'), time }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('skip'), time }) },
) as fc.Arbitrary<Step>

test('behaves as a queue that looks at all requests each time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      const clock = new ManualClock()
      const metrics = new RecordedQueueMetrics()
      const queue = createWorkQueue({ clock, rateLimiter: defaultRateLimiter(), name: 'model', metrics })
      const model = new Model(clock.now())
      let leaving = new AbortController()
      const handedOut: string[] = []
      const onTaken = (item: QueuedRequest | undefined) => {
        if (item !== undefined) handedOut.push(`${item.request.name} ${item.priority}`)
      }
      for (const each of steps) {
        switch (each.type) {
          case 'add':
            queue.add({ namespace: '', name: each.name }, each)
            model.add(each.name, each.after, each.priority)
            break
          case 'tryGet': {
            const item = queue.tryGet()
            // Those who wait are served first, and are told so in a microtask.
            await Promise.resolve()
            onTaken(item)
            model.tryGet()
            break
          }
          case 'get':
            void queue.get(leaving.signal).then(onTaken)
            model.takers++
            model.moveDue()
            model.handOut()
            break
          case 'leave':
            leaving.abort()
            leaving = new AbortController()
            model.takers = 0
            break
          case 'done':
            queue.done({ namespace: '', name: each.name })
            model.done(each.name)
            break
          case 'advance':
            clock.advance(each.time)
            model.advance(each.time)
            break
          case 'skip':
            clock.skip(each.time)
            model.now += each.time
        }
        await Promise.resolve()
        expect(handedOut).toEqual(model.handedOut)
        expect(queue.inFlight).toBe(model.inFlight.size)
        expect(clock.timers.length).toBeLessThanOrEqual(1)
      }
      model.moveDue()
      model.handOut()
      expect(queue.length).toBe(model.items.filter((item) => !item.isWaiting).length)
      expect([...metrics.depth.values()].reduce((sum, depth) => sum + depth, 0)).toBe(queue.length)
      const times = (item: { priority: number; dueAt: number }) => [item.priority, item.dueAt]
      expect(new Map([...queue.pending()].map((item) => [item.request.name, times(item)]))).toEqual(
        new Map(model.items.map((item) => [item.name, times(item)])),
      )
    }),
    { numRuns: 200 },
  )
})
