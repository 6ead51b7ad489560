/** Strategic merge patches. Nothing else in the package loads them. */
export type * from './patch-schema.ts'
export * from './strategic-merge.ts'
export { StrategicMergeConflictError, StrategicMergeError } from './strategic-merge-error.ts'
