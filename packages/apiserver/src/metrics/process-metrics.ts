import { readdir } from 'node:fs/promises'
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import type { Exposition } from '@k1s/core/metrics'

/** How often the event loop is looked at, in milliseconds. */
const resolution = 100

/** The process itself, by the names that Prometheus' client libraries use. */
export class ProcessMetrics {
  readonly #startTime = Date.now() / 1000 - process.uptime()
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution })

  constructor() {
    this.#delay.enable()
  }

  async write(exposition: Exposition): Promise<void> {
    const { user, system } = process.cpuUsage()
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage()
    exposition.single(
      'process_cpu_seconds_total',
      'counter',
      'User and system CPU time in seconds.',
      (user + system) / 1e6,
    )
    exposition.single(
      'process_start_time_seconds',
      'gauge',
      'Start of the process, in seconds since 1970.',
      this.#startTime,
    )
    exposition.single('process_resident_memory_bytes', 'gauge', 'Resident memory in bytes.', rss)
    const openFiles = await countOpenFiles()
    if (openFiles !== undefined) {
      exposition.single('process_open_fds', 'gauge', 'Open file descriptors.', openFiles)
    }
    exposition.single('nodejs_heap_size_used_bytes', 'gauge', 'Bytes of the heap in use.', heapUsed)
    exposition.single('nodejs_heap_size_total_bytes', 'gauge', 'Bytes of the heap.', heapTotal)
    exposition.single(
      'nodejs_external_memory_bytes',
      'gauge',
      'Bytes that objects hold outside of the heap.',
      external,
    )
    this.#writeDelay(exposition)
  }

  close(): void {
    this.#delay.disable()
  }

  /** Since the last time that metrics were read. */
  #writeDelay(exposition: Exposition): void {
    const delay = this.#delay
    const isMeasured = delay.count > 0
    const since = 'since metrics were read before, in seconds.'
    exposition.single(
      'nodejs_eventloop_lag_mean_seconds',
      'gauge',
      `Mean delay of the event loop ${since}`,
      isMeasured ? secondsOf(delay.mean) : 0,
    )
    exposition.single(
      'nodejs_eventloop_lag_p99_seconds',
      'gauge',
      `Delay that one turn of the event loop in a hundred exceeds, ${since}`,
      isMeasured ? secondsOf(delay.percentile(99)) : 0,
    )
    exposition.single(
      'nodejs_eventloop_lag_max_seconds',
      'gauge',
      `Longest delay of the event loop ${since}`,
      isMeasured ? secondsOf(delay.max) : 0,
    )
    delay.reset()
  }
}

/** What Node measures, in nanoseconds, is the time from one look to the next. */
function secondsOf(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - resolution) / 1000
}

/** Undefined where the system does not tell. */
async function countOpenFiles(): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined
  const names = await readdir('/proc/self/fd')
  // Reading the directory takes one itself.
  return names.length - 1
}
