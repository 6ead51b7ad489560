import {
  getField,
  isJsonObject,
  type JsonObject,
  JsonPathError,
  parseJsonPath,
  setField,
} from '@k1s/apimachinery'

const chain = /^(?:\.[A-Za-z_][\w-]*)+$/
const parsed = new Map<string, (object: object) => unknown[]>()

/**
 * The value at a JSON path such as `.spec.replicas` or `.status.conditions[?(@.type=="Ready")].status`, as CRDs
 * write them. Undefined if there is none; the first of several. A path that cannot be read, or not in this object, has no
 * value either: columns of stored definitions have such.
 */
export function readFieldPath(object: object, path: string): unknown {
  return readFieldPaths(object, path)[0]
}

/** All values at a JSON path. */
export function readFieldPaths(object: object, path: string): unknown[] {
  let read = parsed.get(path)
  if (read === undefined) {
    read = chain.test(path) ? chainReader(path.slice(1).split('.')) : templateReader(path)
    parsed.set(path, read)
  }
  return read(object)
}

function chainReader(fields: readonly string[]): (object: object) => unknown[] {
  return (object) => {
    let value: unknown = object
    for (const field of fields) {
      if (!isJsonObject(value) || !Object.hasOwn(value, field)) return []
      value = value[field]
    }
    return [value]
  }
}

function templateReader(path: string): (object: object) => unknown[] {
  const template = withoutPathError(() => parseJsonPath(`{${path}}`, { allowMissingKeys: true }))
  return (object) => withoutPathError(() => template?.findResults(object).flat()) ?? []
}

function withoutPathError<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof JsonPathError) return undefined
    throw error
  }
}

/** Sets the value at a path of plain fields, `.spec.replicas`, making the objects on the way. */
export function writeFieldPath(object: JsonObject, path: string, value: unknown): void {
  const fields = path.replace(/^\./, '').split('.')
  const last = fields.pop()!
  let parent = object
  for (const field of fields) {
    const child = getField(parent, field)
    if (isJsonObject(child)) {
      parent = child
    } else {
      const added = {}
      setField(parent, field, added)
      parent = added
    }
  }
  setField(parent, last, value)
}
