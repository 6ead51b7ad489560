import type { QueueMetrics } from '../queue/queue-metrics.ts'
import { HistogramFamily, type MetricNumber, NumberFamily } from './metric-family.ts'

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
    { showsZeros: true },
  )
  readonly #workDuration = new HistogramFamily(
    'workqueue_work_duration_seconds',
    'How long in seconds processing an item from workqueue takes.',
    durationBounds,
    { showsZeros: true },
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
  readonly #counters = new Map<string, { adds: MetricNumber; retries: MetricNumber }>()
  readonly all = [
    this.#depth,
    this.#adds,
    this.#retries,
    this.#queueDuration,
    this.#workDuration,
    this.#unfinished,
    this.#longestRunning,
  ]

  /** Counters go on over several queues of the same name, as triggered runs have them; what is in a queue does not. */
  of(name: string): QueueMetrics {
    const labels = { name, controller: name }
    const counters = this.#countersOf(name)
    const depths = new Map<number, MetricNumber>()
    let rest: MetricNumber | undefined
    const depth = (priority: number) => {
      if (rest !== undefined) return rest
      const known = depths.get(priority)
      if (known !== undefined) return known
      if (depths.size === maxPriorities) {
        rest = this.#depth.of({ ...labels, priority: otherPriorities })
        return rest
      }
      const created = this.#depth.of({ ...labels, priority: String(priority) })
      depths.set(priority, created)
      return created
    }
    const queueDuration = this.#queueDuration.of(labels)
    const workDuration = this.#workDuration.of(labels)
    return {
      incrementDepth: (priority) => depth(priority).add(),
      decrementDepth: (priority) => depth(priority).add(-1),
      incrementAdds: () => counters.adds.add(),
      incrementRetries: () => counters.retries.add(),
      observeQueueDuration: (seconds) => queueDuration.observe(seconds),
      observeWorkDuration: (seconds) => workDuration.observe(seconds),
      watchUnfinishedWork: (read) => {
        this.#unfinished.watch(labels, () => read().unfinishedSeconds)
        this.#longestRunning.watch(labels, () => read().longestRunningSeconds)
      },
    }
  }

  #countersOf(name: string) {
    const labels = { name, controller: name }
    const counters = this.#counters.get(name) ?? {
      adds: this.#adds.of(labels),
      retries: this.#retries.of(labels),
    }
    this.#counters.set(name, counters)
    return counters
  }
}

/** `prometheus.ExponentialBuckets`. */
function exponentialBounds(start: number, factor: number, count: number): number[] {
  const bounds: number[] = []
  for (let bound = start; bounds.length < count; bound *= factor) bounds.push(bound)
  return bounds
}
