import type { Unstructured } from '@k1s/apimachinery'
import {
  createRuntime,
  defineKind,
  jsonPatch,
  mergePatch,
  type OpenAPIV3Schema,
  type Runtime,
} from '@k1s/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { apiRequest, failure } from './each-store.ts'
import {
  type CustomResourceDefinition,
  CustomResourceDefinitions,
  type Item,
  Items,
  item,
  itemDefinition,
} from './kinds.ts'

const name = 'items.inventory.example.com'

let runtime: Runtime

beforeEach(async () => {
  runtime = await createRuntime({ storage: { type: 'memory' } })
})
afterEach(() => runtime.close())

type Rule = { readonly rule: string; readonly [field: string]: unknown }

const withRules = (schema: OpenAPIV3Schema, ...rules: Rule[]): OpenAPIV3Schema => ({
  ...schema,
  'x-kubernetes-validations': rules,
})

const integer: OpenAPIV3Schema = { type: 'integer' }

/** Fields of spec and status. */
function schemaOf(spec: OpenAPIV3Schema, status: OpenAPIV3Schema = { type: 'object' }): OpenAPIV3Schema {
  return { type: 'object', properties: { spec, status } }
}

const objectOf = (properties: { [name: string]: OpenAPIV3Schema }): OpenAPIV3Schema => ({
  type: 'object',
  properties,
})

const define = (schema: OpenAPIV3Schema) =>
  runtime.client.create(itemDefinition({ schema: { openAPIV3Schema: schema } }))

async function redefine(schema: OpenAPIV3Schema): Promise<void> {
  const patch = jsonPatch([{ op: 'replace', path: '/spec/versions/0/schema/openAPIV3Schema', value: schema }])
  await runtime.client.patch(itemDefinition(), patch)
}

const create = (spec: Item['spec'] & object) => runtime.client.create(item('a', { spec }))
const change = (spec: object) => runtime.client.patch(item('a'), mergePatch({ spec }))

async function warningsOf(write: (onWarning: (text: string) => void) => Promise<unknown>): Promise<string[]> {
  const warnings: string[] = []
  await write((text) => warnings.push(text))
  return warnings
}

describe('an object', () => {
  test('that breaks rules is refused, with all of them in the causes', async () => {
    await define(
      schemaOf(
        withRules(
          objectOf({
            color: { type: 'string' },
            quantity: withRules(integer, { rule: 'self > 0', reason: 'FieldValueForbidden' }),
          }),
          { rule: 'self.quantity != 0', message: 'none left', fieldPath: '.quantity' },
          {
            rule: 'has(self.color)',
            messageExpression: "'no color of ' + (self.quantity == 0 ? 'nothing' : 'it')",
          },
        ),
      ),
    )
    const { code, reason, message, details } = await failure(create({ quantity: 0 }))
    expect([code, reason]).toEqual([422, 'Invalid'])
    expect(message).toBe(
      'Item.inventory.example.com "a" is invalid: [spec.quantity: Invalid value: none left, spec: Invalid value: no color of nothing, spec.quantity: Forbidden: failed rule: self > 0]',
    )
    expect(details?.causes).toEqual([
      { reason: 'FieldValueInvalid', message: 'Invalid value: none left', field: 'spec.quantity' },
      { reason: 'FieldValueInvalid', message: 'Invalid value: no color of nothing', field: 'spec' },
      { reason: 'FieldValueForbidden', message: 'Forbidden: failed rule: self > 0', field: 'spec.quantity' },
    ])
  })

  test('is checked by a dry run as well', async () => {
    await define(schemaOf(withRules(objectOf({ quantity: integer }), { rule: 'self.quantity > 0' })))
    const dry = runtime.client.create(item('a', { spec: { quantity: 0 } }), { dryRun: true })
    expect(await failure(dry)).toMatchObject({ code: 422 })
  })

  test('of another shape than its schema is not looked at by rules', async () => {
    await define(schemaOf(withRules(objectOf({ quantity: integer }), { rule: 'self.quantity > 0' })))
    const wrong = { ...item('a'), spec: { quantity: 'many' } }
    expect((await failure(runtime.client.create(wrong))).message).toBe(
      'Item.inventory.example.com "a" is invalid: [spec.quantity: Invalid value: "string": spec.quantity in body must be of type integer: "string", <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]',
    )
  })

  test('that a rule cannot be evaluated on is refused', async () => {
    await define(schemaOf(withRules(objectOf({ quantity: integer }), { rule: '10 / self.quantity > 1' })))
    expect((await failure(create({ quantity: 0 }))).message).toContain(
      'spec: Invalid value: "object": division by zero evaluating rule: 10 / self.quantity > 1',
    )
    expect((await failure(create({}))).message).toContain(
      'spec: Invalid value: "object": no such key: quantity evaluating rule: 10 / self.quantity > 1',
    )
  })

  test('is told by its name, and defaults count', async () => {
    const schema = schemaOf(objectOf({ color: { type: 'string', default: 'a' } }))
    await define(withRules(schema, { rule: 'self.metadata.name == self.spec.color' }))
    await runtime.client.create(item('a', { spec: {} }))
    expect((await failure(runtime.client.create(item('b', { spec: {} })))).message).toBe(
      'Item.inventory.example.com "b" is invalid: <nil>: Invalid value: failed rule: self.metadata.name == self.spec.color',
    )
  })
})

describe('an update', () => {
  test('is held to rules about the change', async () => {
    const grows = { rule: 'self >= oldSelf', message: 'cannot shrink' }
    await define(schemaOf(objectOf({ quantity: withRules(integer, grows) })))
    await create({ quantity: 2 })
    await change({ quantity: 3 })
    expect((await failure(change({ quantity: 1 }))).message).toContain(
      'spec.quantity: Invalid value: 1: cannot shrink',
    )
    await change({ quantity: null })
    await change({ quantity: 1 })
  })

  test('is told an optional oldSelf where the rule asks for one, also when there is none', async () => {
    const rule = {
      rule: 'oldSelf.hasValue() ? self > oldSelf.value() : self == 1',
      message: 'must start at 1 and grow',
      optionalOldSelf: true,
    }
    await define(schemaOf(objectOf({ quantity: withRules(integer, rule) })))
    const refused = 'must start at 1 and grow'
    expect((await failure(create({ quantity: 2 }))).message).toContain(refused)
    await create({ quantity: 1 })
    await change({ quantity: 2 })
    expect((await failure(change({ quantity: 1 }))).message).toContain(refused)
  })

  test('compares the items of a map list by their keys, wherever they stand', async () => {
    const entry = {
      ...objectOf({ key: { type: 'string' }, value: withRules(integer, { rule: 'self >= oldSelf' }) }),
      required: ['key'],
    }
    const list: OpenAPIV3Schema = {
      type: 'array',
      items: entry,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['key'],
    }
    await define(schemaOf(objectOf({ list })))
    const [a, b] = [
      { key: 'a', value: 1 },
      { key: 'b', value: 9 },
    ]
    await create({ list: [a, b] })
    await change({ list: [b, { key: 'c', value: 0 }, { key: 'a', value: 2 }] })
    expect((await failure(change({ list: [{ key: 'b', value: 8 }] }))).message).toContain(
      'spec.list[0].value: Invalid value: 8: failed rule: self >= oldSelf',
    )
  })

  test('is warned of what was wrong before and is as it was', async () => {
    const spec = objectOf({ quantity: integer, color: { type: 'string' } })
    await define(schemaOf(spec))
    await create({ quantity: 1 })
    const quantity = withRules(integer, { rule: 'self > 5' })
    await redefine(schemaOf(objectOf({ quantity, color: { type: 'string' } })))

    const patch = mergePatch({ spec: { color: 'red' } })
    expect(await warningsOf((onWarning) => runtime.client.patch(item('a'), patch, { onWarning }))).toEqual([
      'spec.quantity: Invalid value: 1: failed rule: self > 5',
    ])
    expect((await failure(change({ quantity: 2 }))).message).toContain(
      'spec.quantity: Invalid value: 2: failed rule: self > 5',
    )
  })

  test('of the status is held to its rules, and to those around it', async () => {
    const status = withRules(objectOf({ quantity: integer }), { rule: 'self.quantity < 5' })
    const schema = schemaOf(objectOf({ quantity: integer }), status)
    await define(
      withRules(schema, { rule: '!has(self.status) || self.status.quantity <= self.spec.quantity' }),
    )
    await create({ quantity: 2 })
    const setStatus = (quantity: number) =>
      runtime.client.status.patch(item('a'), mergePatch({ status: { quantity } }))
    await setStatus(2)
    expect((await failure(setStatus(3))).message).toContain('<nil>: Invalid value: failed rule')
    expect((await failure(setStatus(7))).message).toContain('status: Invalid value: failed rule')
  })

  test('by the scale subresource is held to rules', async () => {
    await define(schemaOf(objectOf({ quantity: withRules(integer, { rule: 'self < 5' }) })))
    await create({ quantity: 2 })
    const scale = (replicas: number) =>
      runtime.transport.request(
        apiRequest({
          verb: 'patch',
          group: Items.group,
          resource: 'items',
          namespace: 'default',
          name: 'a',
          subresource: 'scale',
          patchType: 'application/merge-patch+json',
          body: { spec: { replicas } },
        }),
      )
    await scale(4)
    expect((await failure(scale(5))).message).toContain('spec.quantity: Invalid value: 5')
  })

  test('by apply is held to rules', async () => {
    await define(schemaOf(objectOf({ quantity: withRules(integer, { rule: 'self < 5' }) })))
    const apply = (quantity: number) =>
      runtime.client.apply(item('a', { spec: { quantity } }), { fieldManager: 'test' })
    await apply(4)
    expect((await failure(apply(5))).message).toContain('spec.quantity: Invalid value: 5')
  })
})

describe('a definition', () => {
  const path = 'spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule'

  test('whose rule does not compile is refused with the place in the rule', async () => {
    const wrong = schemaOf(withRules(objectOf({ quantity: integer }), { rule: 'self.count > 1' }))
    const shown =
      '{"Rule":"self.count \\u003e 1","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}'
    expect((await failure(define(wrong))).message).toBe(
      `CustomResourceDefinition.apiextensions.k8s.io "${name}" is invalid: ${path}: Invalid value: ${shown}: compilation failed: ERROR: <input>:1:5: undefined field 'count'\n | self.count > 1\n | ....^`,
    )
  })

  test('is refused when an update breaks a rule', async () => {
    const schema = schemaOf(withRules(objectOf({ quantity: integer }), { rule: 'self.quantity > 1' }))
    await define(schema)
    const renamed = withRules(objectOf({ count: integer }), { rule: 'self.quantity > 1' })
    expect((await failure(redefine(schemaOf(renamed)))).message).toContain("undefined field 'quantity'")
    await runtime.client.patch(itemDefinition(), mergePatch({ metadata: { labels: { a: 'b' } } }))
  })

  test('whose rule could take for ever is refused', async () => {
    const list: OpenAPIV3Schema = { type: 'array', items: { type: 'string' } }
    const rule = 'self.list.all(a, self.list.all(b, self.list.all(c, a + b != c)))'
    expect((await failure(define(schemaOf(withRules(objectOf({ list }), { rule }))))).message).toContain(
      `${path}: Forbidden: estimated rule cost exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`,
    )
  })

  test('may have a rule that is cheap enough for what the schema allows, which an object is stopped at', async () => {
    const list: OpenAPIV3Schema = { type: 'array', maxItems: 1100, items: integer }
    const rule = 'self.list.all(a, self.list.all(b, a + b > 0))'
    await define(schemaOf(withRules(objectOf({ list }), { rule })))
    await create({ list: [1, 2, 3] })
    const long = Array.from({ length: 1100 }, (_, index) => index + 1)
    expect((await failure(change({ list: long }))).message).toBe(
      `Item.inventory.example.com "a" is invalid: spec: Invalid value: "object": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ${rule}`,
    )
  })
})

describe('a kind of the program', () => {
  interface Box extends Unstructured {
    spec: { size: number }
  }

  const boxes = (rule: string) =>
    defineKind<Box>({
      group: 'example.com',
      version: 'v1',
      kind: 'Box',
      plural: 'boxes',
      namespaced: true,
      schema: schemaOf(withRules(objectOf({ size: integer }), { rule })),
    })
  const box = (size: number): Box => ({
    apiVersion: 'example.com/v1',
    kind: 'Box',
    metadata: { name: 'a' },
    spec: { size },
  })

  test('has rules as well', async () => {
    runtime.registerAPI(boxes('self.size > 1'))
    expect(await failure(runtime.client.create(box(1)))).toMatchObject({ code: 422 })
    await runtime.client.create(box(2))
  })

  test('with a wrong rule can be read, and its first write says what is wrong', async () => {
    const Boxes = boxes('self.height > 1')
    runtime.registerAPI(Boxes)
    expect((await runtime.client.list(Boxes)).items).toEqual([])
    const { code, message } = await failure(runtime.client.create(box(1)))
    expect(code).toBe(500)
    expect(message).toContain('the registered kind boxes.example.com is invalid: schema.properties[spec]')
    expect(message).toContain("undefined field 'height'")
  })
})

test('definitions are read, listed and deleted without rules being looked at', async () => {
  await define(schemaOf(withRules(objectOf({ quantity: integer }), { rule: 'self.quantity > 1' })))
  const read = await runtime.client.get<CustomResourceDefinition>(CustomResourceDefinitions, { name })
  expect(read.spec.versions).toHaveLength(1)
  await runtime.client.delete(CustomResourceDefinitions, { name })
})
