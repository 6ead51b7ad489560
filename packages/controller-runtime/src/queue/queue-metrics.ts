/**
 * Where work queues report what they do: `workqueue.MetricsProvider`. The names in the comments are those under which
 * controller-runtime shows them (`pkg/internal/metrics/workqueue.go`); all carry the name of the queue.
 */
export interface QueueMetricsProvider {
  /** Called once for each queue. The name is that of the controller. */
  queueMetrics(name: string): QueueMetrics
}

/** What one work queue reports. */
export interface QueueMetrics {
  /** `workqueue_depth`: requests that are due, by priority. */
  incrementDepth(priority: number): void
  decrementDepth(priority: number): void
  /** `workqueue_adds_total`: a request became due that was not. */
  incrementAdds(): void
  /** `workqueue_retries_total`: a request was added that has to wait. */
  incrementRetries(): void
  /** `workqueue_queue_duration_seconds`: how long a request was due before somebody took it. */
  observeQueueDuration(seconds: number): void
  /** `workqueue_work_duration_seconds`: how long the work on a request took. */
  observeWorkDuration(seconds: number): void
  /** Called once. `read` tells about the work that is under way, whenever somebody asks for the metrics. */
  watchUnfinishedWork(read: () => UnfinishedWork): void
}

/** The work that was begun and is not done. */
export interface UnfinishedWork {
  /** `workqueue_unfinished_work_seconds`: how long it all takes until now, added up. */
  readonly unfinishedSeconds: number
  /** `workqueue_longest_running_processor_seconds`: how long the oldest of it takes. */
  readonly longestRunningSeconds: number
}
