// The declarations of all packages name disposables and types of Node. All packages import this one, so that no project has to
// configure either.
/// <reference types="node" preserve="true" />
/// <reference lib="esnext.disposable" preserve="true" />

export * from './append.ts'
export { checkFields, type FieldsOf } from './check-fields.ts'
export * from './clock.ts'
export * from './field-error.ts'
export * from './fields.ts'
export { formatGoFloat } from './go-number.ts'
export { formatGoValue } from './go-value.ts'
export * from './group-version.ts'
export * from './human-duration.ts'
export * from './json-codec.ts'
export * from './json-patch.ts'
export {
  type DuplicateField,
  findDuplicateFields,
  findJsonError,
  type JsonScanError,
} from './json-scanner.ts'
export {
  copyJson,
  equalJson,
  exceedsMaxDepth,
  getField,
  isJsonObject,
  type JsonObject,
  jsonTypeName,
  maxJsonDepth,
  setField,
} from './json-value.ts'
export * from './jsonpath.ts'
export * from './kube-aware-version.ts'
export * from './label-requirement.ts'
export * from './labels.ts'
export * from './last-applied.ts'
export * from './merge-patch.ts'
export * from './meta.ts'
export * from './object-meta-validation.ts'
export * from './quantity.ts'
export { quote } from './quote.ts'
export * from './scheme.ts'
export * from './shared-json.ts'
export * from './status-conditions.ts'
export * from './status-error.ts'
export type * from './structured-merge/merge-type.ts'
export * from './syntax-error.ts'
export * from './three-way-merge.ts'
export * from './time.ts'
export * from './validation.ts'
