export { StoppedBySignal, type StopSignal, setupSignalHandler } from '@k1s/core/work'
export {
  ControllerBuilder,
  newControllerManagedBy,
  type OwnsInput,
  type WatchInput,
} from './builder/controller-builder.ts'
export type * from './cache/cache.ts'
export * from './client/ignore-errors.ts'
export * from './client/retry-on-conflict.ts'
export type { ReconcileFailure } from './controller/controller.ts'
export type * from './controller/controller-definition.ts'
export type * from './controller/controller-options.ts'
export type { ManagedController as Controller } from './controller/managed-controller.ts'
export * from './controllerutil/already-owned-error.ts'
export * from './controllerutil/create-or-update.ts'
export * from './controllerutil/finalizers.ts'
export * from './controllerutil/owner-references.ts'
export { type Duration, milliseconds } from './duration.ts'
export type * from './event.ts'
export * from './finalizer/finalize-error.ts'
export * from './finalizer/finalizers.ts'
export * from './handler/enqueue-request-for-object.ts'
export * from './handler/enqueue-request-for-owner.ts'
export * from './handler/enqueue-requests-from-map-func.ts'
export { type EventHandler, lowPriority } from './handler/event-handler.ts'
export * from './handler/handler-funcs.ts'
export * from './handler/with-low-priority.ts'
export type * from './health/health-check.ts'
export * from './health/ping.ts'
export {
  type AfterWriteControllers,
  type AfterWriteOptions,
  afterWrite,
  type WrittenKind,
} from './hook/after-write.ts'
export type * from './leader-election/leader-election-options.ts'
export { type LoggerOptions, newLogger } from './log/json-logger.ts'
export type * from './log/logger.ts'
export type * from './manager/manager.ts'
export { newManager } from './manager/new-manager.ts'
export {
  type HistogramFamily,
  type MetricNumber,
  type NumberFamily,
  newCounter,
  newGauge,
  newHistogram,
} from './metrics/metric-family.ts'
export type * from './metrics/registry.ts'
export * from './predicate/changed.ts'
export * from './predicate/label-selector-predicate.ts'
export * from './predicate/logic.ts'
export type * from './predicate/predicate.ts'
export * from './predicate/predicate-funcs.ts'
export * from './queue/priority-queue.ts'
export type * from './queue/queue-metrics.ts'
export * from './queue/rate-limiters.ts'
export type * from './queue/request-queue.ts'
export * from './reconcile.ts'
export * from './reconcile-object.ts'
export * from './source/channel-source.ts'
export * from './source/event-channel.ts'
export * from './source/function-source.ts'
export * from './source/kind-source.ts'
export type * from './source/source.ts'
export type * from './trigger/run-report.ts'
export type * from './trigger/trigger.ts'
