import type { QueueMetrics } from '../queue/queue-metrics.ts'
import { HistogramFamily } from './histogram-family.ts'
import { type MetricNumber, NumberFamily } from './number-family.ts'

/** From 10 ns, ten times as much each, twelve of them, as Go multiplies them: bounds are labels, and `9.999999999999999e-06` is one. */
const durationBounds = exponentialBounds(10e-9, 10, 12)

/** More priorities of a queue than these are not told apart. */
const maxPriorities = 25
const otherPriorities = 'exceeded_cardinality_limit'

/** `sigs.k8s.io/controller-runtime/pkg/internal/metrics/workqueue.go`. */
export class QueueFamilies {
  readonly #depth = new NumberFamily(
    'workqueue_depth',
    'gauge',
    'Current depth of workqueue by workqueue and priority',
  )
  readonly #adds = new NumberFamily(
    'workqueue_adds_total',
    'counter',
    'Total number of adds handled by workqueue',
  )
  readonly #retries = new NumberFamily(
    'workqueue_retries_total',
    'counter',
    'Total number of items added to the workqueue with a non-zero delay (rate-limited requeues, explicit RequeueAfter or AddAfter calls)',
  )
  readonly #queueDuration = new HistogramFamily(
    'workqueue_queue_duration_seconds',
    'How long in seconds an item stays in workqueue before being requested',
    durationBounds,
  )
  readonly #workDuration = new HistogramFamily(
    'workqueue_work_duration_seconds',
    'How long in seconds processing an item from workqueue takes.',
    durationBounds,
  )
  readonly #unfinished = new NumberFamily(
    'workqueue_unfinished_work_seconds',
    'gauge',
    "How many seconds of work has been done that is in progress and hasn't been observed by work_duration. Large values indicate stuck threads. One can deduce the number of stuck threads by observing the rate at which this increases.",
  )
  readonly #longestRunning = new NumberFamily(
    'workqueue_longest_running_processor_seconds',
    'gauge',
    'How many seconds has the longest running processor for workqueue been running.',
  )
  readonly #depths = new Map<string, QueueDepth>()
  readonly all = [
    this.#depth,
    this.#adds,
    this.#retries,
    this.#queueDuration,
    this.#workDuration,
    this.#unfinished,
    this.#longestRunning,
  ]

  /** Counters go on over several queues of the same name, as triggered runs have them; the depth is that of the last one. */
  of(name: string): QueueMetrics {
    const labels = { name, controller: name }
    const depth = this.#depthOf(name)
    depth.reset()
    const adds = this.#adds.of(labels)
    const retries = this.#retries.of(labels)
    const queueDuration = this.#queueDuration.of(labels)
    const workDuration = this.#workDuration.of(labels)
    return {
      incrementDepth: (priority) => depth.of(priority).add(),
      decrementDepth: (priority) => depth.of(priority).add(-1),
      incrementAdds: () => adds.add(),
      incrementRetries: () => retries.add(),
      observeQueueDuration: (seconds) => queueDuration.observe(seconds),
      observeWorkDuration: (seconds) => workDuration.observe(seconds),
      watchUnfinishedWork: (read) => {
        this.#unfinished.watch(labels, () => read().unfinishedSeconds)
        this.#longestRunning.watch(labels, () => read().longestRunningSeconds)
      },
    }
  }

  #depthOf(name: string): QueueDepth {
    const known = this.#depths.get(name)
    if (known !== undefined) return known
    const labels = { name, controller: name }
    const created = new QueueDepth((priority) => this.#depth.of({ ...labels, priority }))
    this.#depths.set(name, created)
    return created
  }
}

/** How many requests are due in the queue of one name, by priority. */
class QueueDepth {
  readonly #numberOf: (priority: string) => MetricNumber
  readonly #numbers = new Map<number, MetricNumber>()
  #others: MetricNumber | undefined

  /** `numberOf` gives the number that is shown under a priority. */
  constructor(numberOf: (priority: string) => MetricNumber) {
    this.#numberOf = numberOf
  }

  of(priority: number): MetricNumber {
    const known = this.#others ?? this.#numbers.get(priority)
    if (known !== undefined) return known
    if (this.#numbers.size === maxPriorities) {
      this.#others = this.#numberOf(otherPriorities)
      return this.#others
    }
    const created = this.#numberOf(String(priority))
    this.#numbers.set(priority, created)
    return created
  }

  /** A new queue is empty, whatever was left in the one before. */
  reset(): void {
    for (const number of this.#numbers.values()) number.value = 0
    if (this.#others !== undefined) this.#others.value = 0
    this.#numbers.clear()
    this.#others = undefined
  }
}

/** `prometheus.ExponentialBuckets`. */
function exponentialBounds(start: number, factor: number, count: number): number[] {
  const bounds: number[] = []
  for (let bound = start; bounds.length < count; bound *= factor) bounds.push(bound)
  return bounds
}
