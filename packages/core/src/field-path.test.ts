import { expect, test } from 'vitest'
import { readFieldPath, writeFieldPath } from './field-path.ts'

test.each(['.spec.__proto__.replicas', '.__proto__.replicas', '.spec.constructor.prototype.replicas'])(
  'a value at %s is a field like any other',
  (path) => {
    const object = { spec: {} }
    writeFieldPath(object, path, 7)
    expect(readFieldPath(object, path)).toBe(7)
    expect(({} as { replicas?: number }).replicas).toBeUndefined()
    expect(readFieldPath({ spec: {} }, path)).toBeUndefined()
  },
)

test.each(['.spec[', '..*..*', '.spec[0]', '.spec[0:1]'])(
  'there is no value at %s, which cannot be read in an object',
  (path) => {
    expect(readFieldPath({ spec: { a: 1 } }, path)).toBeUndefined()
  },
)
