export type { AdmissionOperation } from './admission/admission.ts'
export type {
  AdmissionFunctions,
  MutatingFunction,
  Registration,
  ValidatingFunction,
} from './admission/admission-functions.ts'
export type * from './admission/admission-review.ts'
export type { AdmissionRule } from './admission/match-rules.ts'
export { builtinPatchSchema } from './builtin/builtin-patch-schema.ts'
export type * from './changes.ts'
export { jsonPatch, mergePatch, strategicMergePatch } from './client/patches.ts'
export type * from './client.ts'
export type { CustomResourceDefinition } from './crd/custom-resource-definition.ts'
export { customResourceDefinitionOf } from './crd/custom-resource-definition-of.ts'
export { isConfigurationError } from './http/configuration-error.ts'
export { type Connection, type ConnectOptions, connect } from './http/connect.ts'
export { isConnectionError } from './http/connection-error.ts'
export { defineKind, type KindDefinition, type KindPrinterColumn, type OpenAPIV3Schema } from './kind.ts'
export type * from './request.ts'
export type * from './resource-definition.ts'
export { createRuntime, type Runtime, type RuntimeOptions } from './runtime.ts'
export type { ResourceSchema } from './schema/resource-schema.ts'
export { convertToTable } from './table/convert-table.ts'
export type * from './table/partial-object-metadata.ts'
export type * from './table/table.ts'
export type { Work, WorkCounts, WorkTracker } from './work/work-tracker.ts'
