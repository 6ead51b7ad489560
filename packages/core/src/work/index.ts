// How a process ends in good order.
export * from './setup-signal-handler.ts'
export type { Work, WorkCounts, WorkTracker } from './work-tracker.ts'
