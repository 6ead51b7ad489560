import { fieldError, isJsonObject, jsonTypeName, newBadRequest, newInvalid } from '@k1s/apimachinery'
import type { RequestOptions } from '@k1s/core'

type Writable<T> = { -readonly [key in keyof T]: T[key] }

const types: { readonly [field: string]: { json: string; go: string } } = {
  kind: { json: 'string', go: 'string' },
  apiVersion: { json: 'string', go: 'string' },
  gracePeriodSeconds: { json: 'number', go: 'int64' },
  propagationPolicy: { json: 'string', go: 'v1.DeletionPropagation' },
  orphanDependents: { json: 'bool', go: 'bool' },
  preconditions: { json: 'object', go: 'v1.Preconditions' },
  dryRun: { json: 'array', go: '[]string' },
}

/**
 * The options in the body of a deletion. BadRequest if it is no DeleteOptions or a field has the wrong type, with the
 * words of Go's decoder; Invalid if it says twice what becomes of dependents.
 */
export function deleteOptionsOf(body: unknown): RequestOptions {
  if (!isJsonObject(body)) {
    throw newBadRequest(`json: cannot unmarshal ${jsonTypeName(body)} into Go value of type v1.DeleteOptions`)
  }
  for (const [field, { json, go }] of Object.entries(types))
    checkType(body[field], `DeleteOptions.${field}`, json, go)
  const { kind, preconditions, dryRun, gracePeriodSeconds, propagationPolicy, orphanDependents } = body
  if (kind !== undefined && kind !== '' && kind !== 'DeleteOptions') {
    throw newBadRequest('decoded object cannot be converted to DeleteOptions')
  }
  const options: Writable<RequestOptions> = {}
  if (Array.isArray(dryRun)) {
    for (const value of dryRun) checkType(value, 'DeleteOptions.dryRun', 'string', 'string')
    options.dryRun = dryRun as string[]
  }
  if (typeof gracePeriodSeconds === 'number') {
    if (!Number.isInteger(gracePeriodSeconds))
      throw wrongType(`number ${gracePeriodSeconds}`, 'DeleteOptions.gracePeriodSeconds', 'int64')
    options.gracePeriodSeconds = gracePeriodSeconds
  }
  const policy = propagationOf(propagationPolicy, orphanDependents)
  if (policy !== undefined) options.propagationPolicy = policy
  if (isJsonObject(preconditions)) options.preconditions = preconditionsOf(preconditions)
  return options
}

function preconditionsOf({ uid, resourceVersion }: { [name: string]: unknown }) {
  checkType(uid, 'Preconditions.preconditions.uid', 'string', 'types.UID')
  checkType(resourceVersion, 'Preconditions.preconditions.resourceVersion', 'string', 'string')
  return {
    ...(typeof uid === 'string' && { uid }),
    ...(typeof resourceVersion === 'string' && { resourceVersion }),
  }
}

function checkType(value: unknown, field: string, json: string, go: string): void {
  if (value === undefined || value === null || jsonTypeName(value) === json) return
  throw wrongType(jsonTypeName(value), field, go)
}

function wrongType(found: string, field: string, go: string) {
  return newBadRequest(`json: cannot unmarshal ${found} into Go struct field ${field} of type ${go}`)
}

/**
 * What becomes of dependents, of the two fields that say it. Invalid if both are set. Whether the policy is one is the
 * chain's to say.
 */
export function propagationOf(
  propagationPolicy: unknown,
  orphanDependents: unknown,
): RequestOptions['propagationPolicy'] {
  const policy = typeof propagationPolicy === 'string' ? propagationPolicy : undefined
  if (typeof orphanDependents !== 'boolean') return policy as RequestOptions['propagationPolicy']
  if (policy === undefined) return orphanDependents ? 'Orphan' : 'Background'
  const why = 'orphanDependents and deletionPropagation cannot be both set'
  throw newInvalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [
    fieldError.invalid('propagationPolicy', policy, why),
  ])
}
