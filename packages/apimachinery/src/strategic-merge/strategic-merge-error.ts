import { formatGoValue } from '../go-value.ts'
import { isJsonObject, type JsonObject } from '../json-value.ts'

/** A patch or an object that cannot be merged, in the words of `strategicpatch` and `mergepatch`. */
export class StrategicMergeError extends Error {
  /** The status with which an API server answers, `interpretStrategicMergePatchError` of its patch handler. */
  readonly code: 400 | 422 | 500

  constructor(message: string, code: 400 | 422 | 500 = 500) {
    super(message)
    this.name = 'StrategicMergeError'
    this.code = code
  }
}

/** What the patch changes was changed differently by others. */
export class StrategicMergeConflictError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'StrategicMergeConflictError'
  }
}

export function badPrimitiveListFormat(): StrategicMergeError {
  return new StrategicMergeError('invalid patch format of primitive list', 400)
}

export function badRetainKeysFormat(): StrategicMergeError {
  return new StrategicMergeError('invalid patch format of retainKeys', 400)
}

export function badElementOrderFormat(): StrategicMergeError {
  return new StrategicMergeError('invalid patch format of setElementOrder list', 400)
}

export function listOfLists(): StrategicMergeError {
  return new StrategicMergeError('lists of lists are not supported', 422)
}

export function noMergeKey(item: JsonObject, mergeKey: string): StrategicMergeError {
  return new StrategicMergeError(
    `map: ${formatGoValue(item)} does not contain declared merge key: ${mergeKey}`,
  )
}

export function badPatchDirective(directive: unknown, patch: JsonObject): StrategicMergeError {
  return new StrategicMergeError(
    `unknown patch type: ${formatGoString(directive)} in map: ${formatGoValue(patch)}`,
  )
}

export function expectedObject(actual: unknown): StrategicMergeError {
  return new StrategicMergeError(`expected a map[string]interface {}, but received a ${goType(actual)}`)
}

export function expectedList(actual: unknown): StrategicMergeError {
  return new StrategicMergeError(`expected a []interface {}, but received a ${goType(actual)}`)
}

/** The type that a JSON value has in Go. */
function goType(value: unknown): string {
  if (value === null) return '%!s(<nil>)'
  if (Array.isArray(value)) return '[]interface {}'
  if (isJsonObject(value)) return 'map[string]interface {}'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  return typeof value
}

/** A value as Go's `%s` prints it. */
function formatGoString(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null) return '%!s(<nil>)'
  if (Array.isArray(value)) return `[${value.map(formatGoString).join(' ')}]`
  if (!isJsonObject(value)) return `%!s(${goType(value)}=${formatGoValue(value)})`
  const fields = Object.keys(value).sort()
  return `map[${fields.map((key) => `${key}:${formatGoString(value[key])}`).join(' ')}]`
}
