import type { ControllerMetrics } from '../controller/controller-metrics.ts'
import type { QueueMetricsProvider } from '../queue/queue-metrics.ts'
import type { Registry } from './registry.ts'

/** The metrics of a manager, and where its parts report. */
export interface ManagerMetrics extends Registry, QueueMetricsProvider {
  /** 1 while this manager is the leader. */
  leaderStatus(lease: string): { value: number }
  controllerMetrics(controller: string, maxConcurrentReconciles: number): ControllerMetrics
}
