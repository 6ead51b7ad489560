import { formatFieldError, type Unstructured } from '@k1s/apimachinery'
import { describe, expect, it } from 'vitest'
import { compileSchema } from './compile-schema.ts'
import type { JSONSchemaProps } from './json-schema-props.ts'

function object(fields: { [name: string]: unknown }): Unstructured {
  return { apiVersion: 'example.com/v1', kind: 'Foo', metadata: { name: 'a' }, ...fields }
}

function schemaOf(properties: { [name: string]: JSONSchemaProps }) {
  return compileSchema({ type: 'object', properties: { spec: { type: 'object', properties } } })
}

function texts(schema: ReturnType<typeof compileSchema>, value: Unstructured, old?: Unstructured): string[] {
  return schema.validate(value, old).map(formatFieldError)
}

describe('pruning', () => {
  it('removes unknown fields and returns their sorted paths', () => {
    const schema = schemaOf({
      list: { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } },
      map: {
        type: 'object',
        additionalProperties: { type: 'object', properties: { q: { type: 'string' } } },
      },
    })
    const value = object({
      other: { deep: 1 },
      spec: { z: 1, list: [{ a: 'x', c: 1 }, { d: {} }], map: { k: { q: 'x', r: 1 } }, kind: 'x' },
    })

    expect(schema.prune(value)).toEqual([
      'other',
      'spec.kind',
      'spec.list[0].c',
      'spec.list[1].d',
      'spec.map.k.r',
      'spec.z',
    ])
    expect(value).toEqual(object({ spec: { list: [{ a: 'x' }, {}], map: { k: { q: 'x' } } } }))
  })

  it('keeps unknown fields where the schema says so, but not below fields that it specifies', () => {
    const inner: JSONSchemaProps = { type: 'object', properties: { b: { type: 'integer' } } }
    const schema = schemaOf({
      x: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { a: inner } },
    })

    expect(schema.prune(object({ spec: { x: { z: { q: 1 }, a: { b: 1, c: 2 } } } }))).toEqual(['spec.x.a.c'])
  })

  it('empties objects below additionalProperties: true, as Kubernetes does', () => {
    const schema = schemaOf({ x: { type: 'object', additionalProperties: true } })
    const value = object({ spec: { x: { a: { b: 1 }, c: 2 } } })

    expect(schema.prune(value)).toEqual(['spec.x.a.b'])
    expect(value.spec).toEqual({ x: { a: {}, c: 2 } })
  })

  it('drops from metadata what it does not have, at the top and in embedded resources', () => {
    const schema = schemaOf({
      x: {
        type: 'object',
        'x-kubernetes-embedded-resource': true,
        'x-kubernetes-preserve-unknown-fields': true,
      },
    })
    const metadata = { name: 'a', foo: 1, labels: {}, creationTimestamp: null }
    const value = object({
      spec: { x: { apiVersion: 'v1', kind: 'Pod', metadata: structuredClone(metadata) } },
    })
    value.metadata = metadata as unknown as Unstructured['metadata']

    expect(schema.prune(value)).toEqual(['metadata.foo', 'spec.x.metadata.foo'])
    expect(value).toEqual(object({ spec: { x: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } } } }))
  })

  it('removes nothing of the spec with preserveUnknownFields', () => {
    const value = object({ spec: { a: null, b: 1 } })
    const schema = compileSchema(
      { type: 'object', properties: { spec: { type: 'object', properties: { a: { type: 'string' } } } } },
      { preserveUnknownFields: true },
    )

    expect(schema.prune(value)).toEqual([])
    expect(value.spec).toEqual({ a: null, b: 1 })
  })

  it('treats fields that are named as properties of every object as unknown', () => {
    const value = object({ spec: JSON.parse('{"constructor": 1, "__proto__": {"x": 1}}') })

    expect(schemaOf({}).prune(value)).toEqual(['spec.__proto__', 'spec.constructor'])
  })
})

describe('defaulting', () => {
  it('fills in defaults within objects, items, map values and other defaults', () => {
    const name: JSONSchemaProps = { type: 'string', default: 'n' }
    const named: JSONSchemaProps = { type: 'object', properties: { name } }
    const schema = schemaOf({
      nested: { type: 'object', default: {}, properties: { inner: { ...named, default: {} } } },
      list: { type: 'array', items: named },
      map: { type: 'object', additionalProperties: named },
      absent: named,
    })
    const value = object({ spec: { list: [{}, { name: 'x' }], map: { k: {} } } })

    schema.applyDefaults(value)

    expect(value.spec).toEqual({
      list: [{ name: 'n' }, { name: 'x' }],
      map: { k: { name: 'n' } },
      nested: { inner: { name: 'n' } },
    })
  })

  it('replaces nulls by defaults, keeps nullable ones and drops the others', () => {
    const schema = schemaOf({
      defaulted: { type: 'string', default: 'D' },
      nullable: { type: 'string', nullable: true, default: 'N' },
      plain: { type: 'string' },
      list: { type: 'array', items: { type: 'string' } },
    })
    const value = object({ spec: { defaulted: null, nullable: null, plain: null, list: [null] } })

    schema.applyDefaults(value)

    expect(value.spec).toEqual({ defaulted: 'D', nullable: null, list: [null] })
    expect(texts(schema, value)).toEqual([
      'spec.list[0]: Invalid value: "null": spec.list[0] in body must be of type string: "null"',
    ])
  })

  it('gives each object its own copy of a default', () => {
    const schema = schemaOf({ list: { type: 'array', default: [], items: { type: 'string' } } })
    const first = object({ spec: {} })
    const second = object({ spec: {} })
    schema.applyDefaults(first)
    ;(first.spec as { list: string[] }).list.push('x')
    schema.applyDefaults(second)

    expect(second.spec).toEqual({ list: [] })
  })
})

describe('validation', () => {
  it('reports all violations at once, nested ones before missing fields', () => {
    const schema = compileSchema({
      type: 'object',
      required: ['spec', 'status'],
      properties: {
        spec: {
          type: 'object',
          required: ['name'],
          properties: {
            name: { type: 'string' },
            quantity: { type: 'integer', minimum: 0 },
            size: { type: 'string', enum: ['S', 'M'] },
            tags: { type: 'array', maxItems: 1, items: { type: 'string' } },
            code: { type: 'string', maxLength: 3 },
          },
        },
      },
    })
    const value = object({ spec: { quantity: -1, size: 'XXL', tags: ['a', 'b'], code: 'abcd' } })

    expect(texts(schema, value)).toEqual([
      'spec.quantity: Invalid value: -1: spec.quantity in body should be greater than or equal to 0',
      'spec.size: Unsupported value: "XXL": supported values: "S", "M"',
      'spec.tags: Too many: 2: must have at most 1 item',
      'spec.code: Too long: may not be more than 3 bytes',
      'spec.name: Required value',
      'status: Required value',
    ])
  })

  const items: JSONSchemaProps = {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string' }, size: { type: 'integer', maximum: 3 } },
  }
  const map: JSONSchemaProps = {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
    items,
  }

  it('lets an update keep what was wrong before, in fields and in items of map lists', () => {
    const schema = schemaOf({ map, size: { type: 'integer', maximum: 3 }, list: { type: 'array', items } })
    const old = object({ spec: { size: 9, map: [{ name: 'a', size: 9 }], list: [{ name: 'a', size: 9 }] } })
    const value = structuredClone(old)
    value.spec = {
      ...(old.spec as object),
      map: [
        { name: 'b', size: 8 },
        { name: 'a', size: 9 },
      ],
    }

    expect(texts(schema, value, old)).toEqual([
      'spec.map[0].size: Invalid value: 8: spec.map[0].size in body should be less than or equal to 3',
    ])
    expect(texts(schema, { ...value, spec: { list: [{ name: 'a', size: 9 }, { name: 'b' }] } }, old)).toEqual(
      ['spec.list[0].size: Invalid value: 9: spec.list[0].size in body should be less than or equal to 3'],
    )
  })

  it('does not report duplicates in lists that had some before', () => {
    const schema = schemaOf({ map })
    const value = object({ spec: { map: [{ name: 'a' }, { name: 'a' }] } })

    expect(texts(schema, value)).toEqual(['spec.map[1]: Duplicate value: {"name":"a"}'])
    expect(texts(schema, value, object({ spec: { map: [{ name: 'x' }, { name: 'x' }] } }))).toEqual([])
  })

  it('loads what evaluates rules only for a schema that has some', async () => {
    const rules = [{ rule: "self != 'b'" }]
    expect(schemaOf({ a: { type: 'string' } }).loadRules()).toBeUndefined()
    const inDefault = { type: 'object', default: { 'x-kubernetes-validations': rules } }
    expect(schemaOf({ a: inDefault }).loadRules()).toBeUndefined()

    const schema = schemaOf({ a: { type: 'string', 'x-kubernetes-validations': rules } })
    expect(() => schema.validate(object({ spec: { a: 'b' } }))).toThrow('rules of the schema')
    await schema.loadRules()
    expect(schema.loadRules()).toBeUndefined()
    expect(texts(schema, object({ spec: { a: 'b' } }))).toEqual([
      'spec.a: Invalid value: "b": failed rule: self != \'b\'',
    ])
  })

  it('does not evaluate rules on what is not of the shape that they are written for', async () => {
    const schema = schemaOf({
      a: { type: 'string', maxLength: 1, 'x-kubernetes-validations': [{ rule: 'false' }] },
    })
    await schema.loadRules()
    expect(texts(schema, object({ spec: { a: 'bc' } }))).toEqual([
      'spec.a: Too long: may not be more than 1 byte',
      '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
    ])
  })
})
