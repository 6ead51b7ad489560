/**
 * From client-side apply to server-side apply and back, for kubectl's own field manager. Follows
 * `managedfields/internal/lastappliedmanager.go` and `lastappliedupdater.go`.
 */
import { canonicalJson } from '../json-codec.ts'
import { isJsonObject, type JsonObject } from '../json-value.ts'
import { lastAppliedConfigAnnotation } from '../last-applied.ts'
import type { Unstructured } from '../meta.ts'
import { totalAnnotationSizeLimit } from '../object-meta-validation.ts'
import { compareValues } from '../structured-merge/compare.ts'
import { difference, type FieldSet, union } from '../structured-merge/field-set.ts'
import { fieldSetOf } from '../structured-merge/field-set-of.ts'
import { MergeError } from '../structured-merge/merge-error.ts'
import { deducedType } from '../structured-merge/merge-type.ts'
import { validateValue } from '../structured-merge/validate-value.ts'
import type { FieldManagerContext } from './field-manager-context.ts'

/** The only manager whose applies take over from client-side apply. */
export const migratingManager = 'kubectl'

/**
 * The fields that client-side apply set last and that are still as it set them: with them, server-side apply by the same
 * person has no conflicts. Undefined if the object does not say, in the version of the request.
 */
export function fieldsOfLastApplied(live: Unstructured, context: FieldManagerContext): FieldSet | undefined {
  const lastApplied = parseObject(lastAppliedOf(live))
  if (lastApplied === undefined || lastApplied.apiVersion !== context.apiVersion) return undefined
  const type = context.typeOf(context.apiVersion) ?? deducedType
  try {
    validateValue(live, type)
    validateValue(lastApplied, type)
    const { added, modified, removed } = compareValues(lastApplied, live, type)
    return difference(fieldSetOf(lastApplied, type), union(union(modified, added), removed))
  } catch (error) {
    if (error instanceof MergeError) return undefined
    throw error
  }
}

function lastAppliedOf(object: Unstructured): string {
  return object.metadata.annotations?.[lastAppliedConfigAnnotation] ?? ''
}

function parseObject(text: string): JsonObject | undefined {
  if (text === '') return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    // An annotation that somebody broke says nothing.
    return undefined
  }
}

/**
 * The object with its annotation of client-side apply brought up to date, so that one can go back. Itself if it has none.
 * Without the annotation if that would become too long.
 */
export function withLastApplied(object: Unstructured, applied: Unstructured): Unstructured {
  if (lastAppliedOf(object) === '') return object
  const { [lastAppliedConfigAnnotation]: _, ...others } = object.metadata.annotations ?? {}
  const annotations = { ...others, [lastAppliedConfigAnnotation]: lastAppliedText(applied) }
  const size = Object.entries(annotations)
    .flat()
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  const kept = size > totalAnnotationSizeLimit ? others : annotations
  return { ...object, metadata: { ...object.metadata, annotations: kept } }
}

function lastAppliedText(applied: Unstructured): string {
  const { annotations, ...metadata } = applied.metadata ?? {}
  if (annotations === undefined) return `${canonicalJson(applied)}\n`
  const { [lastAppliedConfigAnnotation]: _, ...others } = annotations
  return `${canonicalJson({ ...applied, metadata: { ...metadata, annotations: others } })}\n`
}
