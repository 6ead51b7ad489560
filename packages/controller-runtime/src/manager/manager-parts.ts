import type { Clock } from '@k1s/apimachinery'
import type { Client, WorkTracker } from '@k1s/core'
import type { ManagerCache } from '../cache/manager-cache.ts'
import type { Controller } from '../controller/controller.ts'
import type { HealthCheck } from '../health/health-check.ts'
import type { Logger } from '../log/logger.ts'
import type { ManagerMetrics } from '../metrics/manager-metrics.ts'
import type { StateStore } from '../trigger/state-store.ts'
import type { ManagerOptions, Runnable } from './manager.ts'

/** What was added to a manager. */
export interface ManagerParts {
  readonly controllers: Map<string, Controller>
  readonly runnables: Runnable[]
  readonly healthz: Map<string, HealthCheck>
  readonly readyz: Map<string, HealthCheck>
}

/** What its controllers and runnables work with. */
export interface ManagerSurroundings {
  readonly options: ManagerOptions
  readonly client: Client
  readonly clock: Clock
  readonly cache: ManagerCache
  readonly logger: Logger
  readonly lifecycleLogLevel: 'debug' | 'info'
  readonly metrics: ManagerMetrics
  readonly namespaces: readonly string[] | undefined
  readonly stateNamespace: string
  readonly states: StateStore
  readonly work: WorkTracker | undefined
  /** How long what is under way is waited for, milliseconds. */
  readonly gracePeriod: number
}
