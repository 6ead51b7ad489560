import type { QueueMetrics, QueueMetricsProvider, UnfinishedWork } from '@k1s/controller-runtime'

/** Keeps what a queue reports. */
export class RecordedQueueMetrics implements QueueMetricsProvider, QueueMetrics {
  readonly names: string[] = []
  readonly depth = new Map<number, number>()
  adds = 0
  retries = 0
  readonly queueDurations: number[] = []
  readonly workDurations: number[] = []
  unfinishedWork: () => UnfinishedWork = () => ({ unfinishedSeconds: 0, longestRunningSeconds: 0 })

  queueMetrics(name: string): QueueMetrics {
    this.names.push(name)
    return this
  }

  incrementDepth(priority: number): void {
    this.depth.set(priority, (this.depth.get(priority) ?? 0) + 1)
  }

  decrementDepth(priority: number): void {
    this.depth.set(priority, (this.depth.get(priority) ?? 0) - 1)
  }

  incrementAdds(): void {
    this.adds++
  }

  incrementRetries(): void {
    this.retries++
  }

  observeQueueDuration(seconds: number): void {
    this.queueDurations.push(seconds)
  }

  observeWorkDuration(seconds: number): void {
    this.workDurations.push(seconds)
  }

  watchUnfinishedWork(read: () => UnfinishedWork): void {
    this.unfinishedWork = read
  }
}
