/**
 * Validation of metadata, as in `k8s.io/apimachinery/pkg/api/validation/objectmeta.go` and
 * `pkg/apis/meta/v1/validation`. `path` is the field path of what is validated, such as `metadata.labels`.
 */
import { append } from './append.ts'
import { childPath, type FieldError, fieldError, indexPath } from './field-error.ts'
import { formatGroupVersionKind, parseGroupVersion } from './group-version.ts'
import { equalJson } from './json-value.ts'
import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from './meta.ts'
import { isPrintable, quote } from './quote.ts'
import { isQualifiedName, isValidLabelValue, type NameRule, nameIsDNSLabel } from './validation.ts'

/** The detail of an error about a field that may not change. */
export const fieldImmutableMessage = 'field is immutable'

/** Bytes that all keys and values of annotations may have together: 256 KiB. */
export const totalAnnotationSizeLimit = 256 * 1024

const fieldManagerMaxLength = 128
const subresourceMaxLength = 256

const orphanDependents = 'orphan'
const deleteDependents = 'foregroundDeletion'

export function validateLabels(labels: { readonly [key: string]: string }, path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const key of Object.keys(labels)) {
    const value = labels[key]!
    for (const message of isQualifiedName(key)) errors.push(fieldError.invalid(path, key, message))
    for (const message of isValidLabelValue(value)) errors.push(fieldError.invalid(path, value, message))
  }
  return errors
}

/** Keys are qualified names in any case; all keys and values have at most {@link totalAnnotationSizeLimit} bytes. */
export function validateAnnotations(
  annotations: { readonly [key: string]: string },
  path: string,
): FieldError[] {
  const errors: FieldError[] = []
  let size = 0
  for (const key of Object.keys(annotations)) {
    const value = annotations[key]!
    for (const message of isQualifiedName(key.toLowerCase()))
      errors.push(fieldError.invalid(path, key, message))
    size += Buffer.byteLength(key) + Buffer.byteLength(value)
  }
  if (size > totalAnnotationSizeLimit) errors.push(fieldError.tooLong(path, '', totalAnnotationSizeLimit))
  return errors
}

export function validateOwnerReferences(references: readonly OwnerReference[], path: string): FieldError[] {
  const errors: FieldError[] = []
  let controller: string | undefined
  references.forEach((reference, index) => {
    append(errors, validateOwnerReference(reference, indexPath(path, index)))
    if (reference.controller !== true) return
    const name = `${reference.kind}/${reference.name}`
    if (controller === undefined) {
      controller = name
      return
    }
    const detail = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`
    errors.push(fieldError.invalid(path, references.map(inFieldOrder), detail))
  })
  return errors
}

function validateOwnerReference(reference: OwnerReference, path: string): FieldError[] {
  const { apiVersion = '', kind = '', name = '', uid = '' } = reference
  const required = (field: string) => fieldError.required(childPath(path, field), 'must not be empty')
  const errors: FieldError[] = []
  const gv = groupVersionOrUndefined(apiVersion)
  if (apiVersion === '') errors.push(required('apiVersion'))
  else if (gv === undefined || gv.version === '') {
    const detail = 'must be <group>/<version> or <version>'
    errors.push(fieldError.invalid(childPath(path, 'apiVersion'), apiVersion, detail))
  }
  if (kind === '') errors.push(required('kind'))
  if (name === '') errors.push(required('name'))
  if (uid === '') errors.push(required('uid'))
  // Events come and go by the thousand; nothing may hang on them.
  if (gv?.group === '' && gv.version === 'v1' && kind === 'Event') {
    const detail = `${formatGroupVersionKind({ ...gv, kind })} is disallowed from being an owner`
    errors.push(fieldError.invalid(path, inFieldOrder(reference), detail))
  }
  return errors
}

function groupVersionOrUndefined(apiVersion: string) {
  try {
    return parseGroupVersion(apiVersion)
  } catch {
    return undefined
  }
}

/** As Go prints the struct. */
function inFieldOrder(reference: OwnerReference): Map<string, unknown> {
  const { apiVersion, kind, name, uid, controller, blockOwnerDeletion } = reference
  return new Map(Object.entries({ apiVersion, kind, name, uid, controller, blockOwnerDeletion }))
}

export function validateFinalizers(finalizers: readonly string[], path: string): FieldError[] {
  const errors = finalizers.flatMap((finalizer) =>
    isQualifiedName(finalizer).map((message) => fieldError.invalid(path, finalizer, message)),
  )
  if (finalizers.includes(orphanDependents) && finalizers.includes(deleteDependents)) {
    const detail = `finalizer ${orphanDependents} and ${deleteDependents} cannot be both set`
    errors.push(fieldError.invalid(path, finalizers, detail))
  }
  return errors
}

/** An object that is being deleted may only lose finalizers. */
export function validateNoNewFinalizers(
  finalizers: readonly string[],
  oldFinalizers: readonly string[],
  path: string,
): FieldError[] {
  const extra = [...new Set(finalizers)].filter((finalizer) => !oldFinalizers.includes(finalizer)).sort()
  if (extra.length === 0) return []
  const list = `[]string{${extra.map(quote).join(', ')}}`
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`
  return [fieldError.forbidden(path, detail)]
}

/** A field manager has at most 128 bytes, all of printable characters. Empty means unset. */
export function validateFieldManager(fieldManager: string, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (Buffer.byteLength(fieldManager) > fieldManagerMaxLength) {
    errors.push(fieldError.tooLong(path, '', fieldManagerMaxLength))
  }
  let position = 0
  for (const character of fieldManager) {
    if (!isPrintable(character)) {
      const codePoint = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
      const detail = `invalid character U+${codePoint} (at position ${position})`
      errors.push(fieldError.invalid(path, fieldManager, detail))
    }
    position += Buffer.byteLength(character)
  }
  return errors
}

export function validateManagedFields(entries: readonly ManagedFieldsEntry[], path: string): FieldError[] {
  if (entries.every(isPlain)) return []
  return entries.flatMap((entry, index) => validateManagedFieldsEntry(entry, indexPath(path, index)))
}

const plainManager = /^[ -~]{0,128}$/

/** The entries that a field manager writes, known at a glance. */
function isPlain({ operation, fieldsType, manager, subresource }: ManagedFieldsEntry): boolean {
  return (
    (operation === 'Update' || operation === 'Apply') &&
    fieldsType === 'FieldsV1' &&
    (manager === undefined || plainManager.test(manager)) &&
    subresource === undefined
  )
}

function validateManagedFieldsEntry(entry: ManagedFieldsEntry, path: string): FieldError[] {
  // Entries come from clients, who may send anything.
  const {
    operation = '',
    fieldsType = '',
    manager = '',
    subresource = '',
  }: { [key: string]: unknown } = {
    ...entry,
  }
  const errors: FieldError[] = []
  const operationPath = childPath(path, 'operation')
  if (operation === '') errors.push(fieldError.required(operationPath, 'must not be empty'))
  else if (operation !== 'Apply' && operation !== 'Update') {
    errors.push(fieldError.notSupported(operationPath, operation, ['Apply', 'Update']))
  }
  if (fieldsType !== '' && fieldsType !== 'FieldsV1') {
    errors.push(fieldError.invalid(childPath(path, 'fieldsType'), fieldsType, 'must be `FieldsV1`'))
  }
  append(errors, validateFieldManager(String(manager), childPath(path, 'manager')))
  if (Buffer.byteLength(String(subresource)) > subresourceMaxLength) {
    errors.push(fieldError.tooLong(childPath(path, 'subresource'), '', subresourceMaxLength))
  }
  return errors
}

export interface ObjectMetaRules {
  readonly namespaced: boolean
  readonly nameRule: NameRule
}

/** Validates metadata on creation, after a name was generated. `path` is `metadata`. */
export function validateObjectMeta(meta: ObjectMeta, rules: ObjectMetaRules, path: string): FieldError[] {
  const at = (field: string) => childPath(path, field)
  const { name = '', generateName = '', namespace = '' } = meta
  const errors: FieldError[] = []
  if (generateName !== '') {
    for (const message of rules.nameRule(generateName, true)) {
      errors.push(fieldError.invalid(at('generateName'), generateName, message))
    }
  }
  if (name === '') errors.push(fieldError.required(at('name'), 'name or generateName is required'))
  else {
    for (const message of rules.nameRule(name, false))
      errors.push(fieldError.invalid(at('name'), name, message))
  }
  if (!rules.namespaced) {
    if (namespace !== '') errors.push(fieldError.forbidden(at('namespace'), 'not allowed on this type'))
  } else if (namespace === '') errors.push(fieldError.required(at('namespace')))
  else {
    for (const message of nameIsDNSLabel(namespace, false)) {
      errors.push(fieldError.invalid(at('namespace'), namespace, message))
    }
  }
  const { labels, annotations, ownerReferences, finalizers, managedFields } = meta
  append(errors, validateGeneration(meta, at('generation')))
  // Most objects have only some of these.
  if (labels) append(errors, validateLabels(labels, at('labels')))
  if (annotations) append(errors, validateAnnotations(annotations, at('annotations')))
  if (ownerReferences) append(errors, validateOwnerReferences(ownerReferences, at('ownerReferences')))
  if (finalizers) append(errors, validateFinalizers(finalizers, at('finalizers')))
  if (managedFields) append(errors, validateManagedFields(managedFields, at('managedFields')))
  return errors
}

/**
 * Validates metadata on update: identity and times may not change, generation may not sink, a resourceVersion must
 * be there. Finalizers are checked only as far as Kubernetes does: none may come while the object is being deleted.
 */
export function validateObjectMetaUpdate(meta: ObjectMeta, old: ObjectMeta, path: string): FieldError[] {
  const at = (field: string) => childPath(path, field)
  const errors: FieldError[] = []
  if (old.deletionTimestamp !== undefined && old.deletionTimestamp !== null) {
    append(errors, validateNoNewFinalizers(meta.finalizers ?? [], old.finalizers ?? [], at('finalizers')))
  }
  const { resourceVersion = '', generation = 0 } = meta
  if (resourceVersion === '') {
    const detail = 'must be specified for an update'
    errors.push(fieldError.invalid(at('resourceVersion'), resourceVersion, detail))
  }
  append(errors, validateGeneration(meta, at('generation')))
  if (generation < (old.generation ?? 0)) {
    errors.push(fieldError.invalid(at('generation'), generation, 'must not be decremented'))
  }
  for (const field of ['name', 'namespace', 'uid'] as const) {
    append(errors, validateImmutableField(meta[field] ?? '', old[field] ?? '', at(field)))
  }
  for (const field of ['creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const) {
    append(errors, validateImmutableField(meta[field] ?? null, old[field] ?? null, at(field)))
  }
  append(errors, validateLabels(meta.labels ?? {}, at('labels')))
  append(errors, validateAnnotations(meta.annotations ?? {}, at('annotations')))
  append(errors, validateOwnerReferences(meta.ownerReferences ?? [], at('ownerReferences')))
  append(errors, validateManagedFields(meta.managedFields ?? [], at('managedFields')))
  return errors
}

function validateGeneration({ generation = 0 }: ObjectMeta, path: string): FieldError[] {
  return generation < 0 ? [fieldError.invalid(path, generation, 'must be greater than or equal to 0')] : []
}

/** Absent, null and empty are one, as in `equality.Semantic.DeepEqual`. */
export function validateImmutableField(value: unknown, old: unknown, path: string): FieldError[] {
  if (equalJson(value, old) || (isEmpty(value) && isEmpty(old))) return []
  return [fieldError.invalid(path, value, fieldImmutableMessage)]
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0)
  )
}
