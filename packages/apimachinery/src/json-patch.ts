/** JSON Patch, RFC 6902. */
import {
  copyJson,
  equalJson,
  exceedsMaxDepth,
  isJsonObject,
  type JsonObject,
  jsonTypeName,
  setField,
} from './json-value.ts'
import { quote } from './quote.ts'
import { newBadRequest, newRequestEntityTooLarge } from './status-error.ts'

export type JsonPatchOperation =
  | { op: 'add' | 'replace' | 'test'; path: string; value: unknown }
  | { op: 'remove'; path: string }
  | { op: 'move' | 'copy'; path: string; from: string }

/** The most operations that the API server takes in one patch. */
export const maxJsonPatchOperations = 10_000

/** What all copies of one patch may add, in bytes of JSON: `JSONPatchMaxCopyBytes` of `k8s.io/apiserver/pkg/server`. */
export const maxJsonPatchCopyBytes = 3 * 1024 * 1024

/** An operation that does not apply. Messages are those of `evanphx/json-patch`, which the API server uses. */
export class JsonPatchError extends Error {
  /** The index of the operation that failed. */
  readonly operation: number

  constructor(message: string, operation: number) {
    super(message)
    this.name = 'JsonPatchError'
    this.operation = operation
  }
}

/**
 * The document with the operations applied in order, or an error and no change: the document is never modified.
 *
 * Follows RFC 6902 where `evanphx/json-patch` is laxer: `replace` of an absent key, `test` of an absent key
 * against null, `copy` from an absent key and negative indices are errors; the root can be added and removed.
 *
 * Throws a {@link JsonPatchError} for an operation that does not apply, among them a copy with which all copies have
 * more than {@link maxJsonPatchCopyBytes}, and one that is nested too deep; a StatusError 400 for what is not a
 * list of operations and 413 for more than {@link maxJsonPatchOperations}.
 */
export function applyJsonPatch(document: unknown, operations: readonly JsonPatchOperation[]): unknown {
  // A patch of null is a list without operations to Go.
  if (operations === null) return document
  const wrongType = decodeError(operations)
  if (wrongType !== undefined) throw newBadRequest(`error decoding patch: ${wrongType}`)
  if (operations.length > maxJsonPatchOperations) {
    throw newRequestEntityTooLarge(
      `The allowed maximum operations in a JSON patch is ${maxJsonPatchOperations}, got ${operations.length}`,
    )
  }
  const holder: JsonObject = { root: copyJson(document) }
  const copies = new Copies()
  for (const [index, operation] of operations.entries()) {
    try {
      applyOperation(holder, operation, copies)
    } catch (error) {
      throw error instanceof OperationError ? new JsonPatchError(error.message, index) : error
    }
  }
  return holder.root
}

/** The first value of a wrong type, in the words of Go's JSON decoder for `jsonPatchOp` of the patch handler. */
function decodeError(operations: unknown): string | undefined {
  const goValue = 'Go value of type'
  if (!Array.isArray(operations)) return unmarshalError(operations, `${goValue} []handlers.jsonPatchOp`)
  for (const operation of operations) {
    if (operation === null) continue
    if (!isJsonObject(operation)) return unmarshalError(operation, `${goValue} handlers.jsonPatchOp`)
    for (const name of Object.keys(operation)) {
      if (name !== 'op' && name !== 'path' && name !== 'from') continue
      const field = operation[name] ?? ''
      if (typeof field === 'string') continue
      return unmarshalError(field, `Go struct field jsonPatchOp.${name} of type string`)
    }
  }
  return undefined
}

function unmarshalError(value: unknown, goType: string): string {
  return `json: cannot unmarshal ${jsonTypeName(value)} into ${goType}`
}

class OperationError extends Error {}

/** Makes the copies of a patch, which could double the document each time, as long as they are not too large. */
class Copies {
  #bytes = 0

  make(value: unknown): unknown {
    if (exceedsMaxDepth(value)) {
      throw new OperationError('error while performing deep copy: json: exceeded max depth')
    }
    this.#bytes += Buffer.byteLength(JSON.stringify(value))
    if (this.#bytes > maxJsonPatchCopyBytes) {
      throw new OperationError(
        `Unable to complete the copy, the accumulated size increase of copy is ${this.#bytes}, exceeding the limit ${maxJsonPatchCopyBytes}`,
      )
    }
    return copyJson(value)
  }
}

function applyOperation(holder: JsonObject, operation: unknown, copies: Copies): void {
  if (!isJsonObject(operation)) throw new OperationError('Unexpected kind: unknown')
  const op = typeof operation.op === 'string' ? operation.op : 'unknown'
  switch (op) {
    case 'add':
      add(holder, op, pathIn(operation, op), copyJson(valueIn(operation, op)))
      break
    case 'remove':
      remove(holder, op, pathIn(operation, op))
      break
    case 'replace':
      replace(holder, pathIn(operation, op), copyJson(valueIn(operation, op)))
      break
    case 'test':
      test(holder, pathIn(operation, op), valueIn(operation, op))
      break
    case 'move':
      move(holder, pathIn(operation, op), fromIn(operation, op))
      break
    case 'copy':
      add(holder, op, pathIn(operation, op), copies.make(read(holder, op, fromIn(operation, op))))
      break
    default:
      throw new OperationError(`Unexpected kind: ${op}`)
  }
}

function pathIn(operation: JsonObject, op: string): string {
  if (typeof operation.path === 'string') return operation.path
  throw new OperationError(`${op} operation failed to decode path: missing value`)
}

function fromIn(operation: JsonObject, op: string): string {
  if (typeof operation.from === 'string') return operation.from
  throw new OperationError(`${op} operation failed to decode from: missing value`)
}

function valueIn(operation: JsonObject, op: string): unknown {
  if (operation.value !== undefined) return operation.value
  throw new OperationError(`${op} operation, missing value field: missing value`)
}

type Place = { container: JsonObject; key: string } | { container: unknown[]; key: string }

/** The container that a pointer's last token names something in; the holder of the root for the empty pointer. */
function find(holder: JsonObject, op: string, path: string): Place {
  const place = lookUp(holder, path)
  if (place !== undefined) return place
  const shown = op === 'add' || op === 'remove' ? quote(path) : path
  const what = op === 'test' ? 'is missing path' : 'doc is missing path'
  throw new OperationError(`${op} operation does not apply: ${what}: ${shown}: missing value`)
}

function lookUp(holder: JsonObject, path: string): Place | undefined {
  const [empty, ...tokens] = path.split('/')
  if (empty !== '') return undefined
  let container: unknown = holder
  let key = 'root'
  for (const token of tokens) {
    container = getChild(container, key)
    key = token.replaceAll('~1', '/').replaceAll('~0', '~')
  }
  if (Array.isArray(container) || isJsonObject(container)) return { container, key } as Place
  return undefined
}

function getChild(container: unknown, key: string): unknown {
  if (Array.isArray(container)) return indexPattern.test(key) ? container[Number(key)] : undefined
  return isJsonObject(container) && Object.hasOwn(container, key) ? container[key] : undefined
}

const indexPattern = /^(?:0|[1-9]\d*)$/

/** The index that a token names among the `length` places of an array. */
function indexOf(key: string, length: number): number {
  if (!indexPattern.test(key)) throw new OperationError(`value was not a proper array index: '${key}'`)
  const index = Number(key)
  if (index >= length)
    throw new OperationError(`Unable to access invalid index: ${key}: invalid index referenced`)
  return index
}

/** Names the operation and the pointer in an error about the last token. */
function within<T>(prefix: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof OperationError) throw new OperationError(`${prefix}: ${error.message}`)
    throw error
  }
}

function add(holder: JsonObject, op: string, path: string, value: unknown): void {
  const { container, key } = find(holder, op, path)
  if (!Array.isArray(container)) {
    setField(container, key, value)
  } else if (key === '-') {
    container.push(value)
  } else {
    const index = within(`error in ${op} for path: '${path}'`, () => indexOf(key, container.length + 1))
    container.splice(index, 0, value)
  }
}

function read(holder: JsonObject, op: string, path: string): unknown {
  const { container, key } = find(holder, op, path)
  return within(`error in ${op} for path: '${path}'`, () => {
    if (Array.isArray(container)) return container[indexOf(key, container.length)]
    if (Object.hasOwn(container, key)) return container[key]
    throw new OperationError(`Unable to access nonexistent key: ${key}: missing value`)
  })
}

function remove(holder: JsonObject, op: string, path: string): unknown {
  const { container, key } = find(holder, op, path)
  if (path === '') {
    const { root } = holder
    holder.root = null
    return root
  }
  return within(`error in ${op} for path: '${path}'`, () => {
    if (Array.isArray(container)) return container.splice(indexOf(key, container.length), 1)[0]
    if (!Object.hasOwn(container, key)) {
      throw new OperationError(`Unable to remove nonexistent key: ${key}: missing value`)
    }
    const value = container[key]
    delete container[key]
    return value
  })
}

function replace(holder: JsonObject, path: string, value: unknown): void {
  const { container, key } = find(holder, 'replace', path)
  const present = Array.isArray(container)
    ? indexPattern.test(key) && Number(key) < container.length
    : Object.hasOwn(container, key)
  if (!present) {
    throw new OperationError(`replace operation does not apply: doc is missing key: ${path}: missing value`)
  }
  if (Array.isArray(container)) container[Number(key)] = value
  else setField(container, key, value)
}

function test(holder: JsonObject, path: string, value: unknown): void {
  if (!equalJson(read(holder, 'test', path), value)) {
    throw new OperationError(`testing value ${path} failed: test failed`)
  }
}

function move(holder: JsonObject, path: string, from: string): void {
  if (path.startsWith(`${from}/`)) {
    throw new OperationError(`error in move for path: '${path}': cannot move a value into itself`)
  }
  if (path === from) {
    read(holder, 'move', from)
    return
  }
  add(holder, 'move', path, remove(holder, 'move', from))
}
