/** Managed fields and server-side apply. Nothing else in the package loads structured merges. */
export {
  type FieldPath,
  type FieldSet,
  fieldPath,
  fieldSet,
  formatPath,
} from '../structured-merge/field-set.ts'
export { decodeFieldsV1 } from '../structured-merge/fields-v1.ts'
export { MergeError } from '../structured-merge/merge-error.ts'
export * from '../structured-merge/merge-type.ts'
export { mergeValues } from '../structured-merge/merge-values.ts'
export { validateValue } from '../structured-merge/validate-value.ts'
export { applyObject } from './apply-object.ts'
export type { FieldManagerContext } from './field-manager-context.ts'
export { decodeManagedFields, managedFieldsOf } from './managed-entries.ts'
export * from './manager-name.ts'
export { updateManagedFields } from './update-managed-fields.ts'
export { findFieldOwners, upgradeManagedFields } from './upgrade-managed-fields.ts'
