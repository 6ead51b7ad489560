import { describe, expect, test } from 'vitest'
import {
  boolType,
  type CelObjectType,
  type CelType,
  dynType,
  intType,
  mapType,
  stringType,
} from './cel-type.ts'
import type { CelValue } from './cel-value.ts'
import { compileExpression } from './compile.ts'
import { CostBudget } from './cost-budget.ts'
import { type CelTypeProvider, createCelEnvironment } from './environment.ts'
import { celToJson, jsonToCel } from './json-value.ts'
import { optionalLibrary } from './optional-library.ts'

function objectType(name: string, fields: Record<string, CelType>): CelObjectType {
  return {
    kind: 'object',
    name,
    field: (field) => (Object.hasOwn(fields, field) ? fields[field] : undefined),
  }
}

const spec = objectType('Object.spec', { replicas: intType, paused: boolType, 'foo-bar': stringType })
const metadata = objectType('Object.metadata', { labels: mapType(stringType, stringType) })
const object = objectType('Object', { spec, metadata })

const types: CelTypeProvider = {
  findType: (name) => [object, spec, metadata].find((type) => type.name === name),
  newObject: (type, fields) => ({
    celKind: 'object',
    type,
    get: (field) => fields.get(field),
    equals: () => false,
    toJson: () => Object.fromEntries([...fields].map(([name, value]) => [name, celToJson(value)])),
  }),
}

const environment = createCelEnvironment({
  libraries: [optionalLibrary],
  variables: { self: dynType, object },
  types,
})

const variables: Record<string, CelValue> = { self: jsonToCel({ a: 3, spec: { replicas: 5 } }) }

describe('a message literal makes an object of its type', () => {
  test.each<[source: string, value: unknown, cost: number]>([
    ['Object{}', {}, 40],
    ['Object{spec: Object.spec{replicas: 1, `foo-bar`: "x"}}', { spec: { replicas: 1, 'foo-bar': 'x' } }, 80],
    ['Object{metadata: Object.metadata{labels: {"a": "b"}},}', { metadata: { labels: { a: 'b' } } }, 80],
    ['.Object{spec: Object.spec{?replicas: self.?a, ?paused: self.?b}}', { spec: { replicas: 3 } }, 83],
    ['Object{spec: self.spec}', { spec: { replicas: 5 } }, 42],
    ['Object{spec: Object.spec{replicas: 1}}.spec.replicas', 1, 83],
    ['has(Object{}.spec)', false, 41],
    ['type(Object{}) == Object', true, 42],
  ])('%s', (source, value, cost) => {
    const budget = new CostBudget(1_000)
    expect(celToJson(compileExpression(source, environment).evaluate(variables, budget))).toEqual(value)
    expect(budget.spent).toBe(cost)
  })
})

describe('a message literal is refused', () => {
  test.each([
    [
      'Object{spec: Object.spec{replicas: "x"}}',
      "1:34: expected type of field 'replicas' is 'int' but provided type is 'string'",
    ],
    ['Object{spec: Object.spec{foo: 1}}', "1:29: undefined field 'foo'"],
    ['Other{a: 1}', "1:6: undeclared reference to 'Other' (in container '')"],
    ['int{}', "1:4: 'int' is not a message type"],
    ['object.spec.foo', "1:12: undefined field 'foo'"],
    ['self.list[0]{a: 1}', "1:13: Syntax error: mismatched input '{' expecting <EOF>"],
  ])('%s', (source, message) => {
    expect(() => compileExpression(source, environment)).toThrow(`ERROR: <input>:${message}`)
  })
})
