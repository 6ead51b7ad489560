import { expect, test } from 'vitest'
import { decodeError, dropUnknownFields, type GoStruct } from './go-type.ts'

const inner: GoStruct = { name: 'Inner', package: 'test.v1', description: '', fields: { a: 'string' } }
const struct: GoStruct = {
  name: 'Outer',
  package: 'test.v1',
  description: '',
  fields: {
    number: { type: 'int32', description: 'A number.', required: true },
    big: 'int64',
    bytes: { mapOf: 'bytes' },
    at: 'microTime',
    hard: { type: { mapOf: 'quantity' } },
    inner: { type: inner, default: {} },
    list: { type: { listOf: inner }, listType: 'map', listMapKeys: ['a'] },
    fields: 'fieldsV1',
  },
}

test.each([
  [{ number: 2 ** 31 - 1, big: 2 ** 31, bytes: { a: 'eA==' }, hard: { cpu: '500m', count: 3 } }, undefined],
  [
    { number: 2 ** 31 },
    'json: cannot unmarshal number 2147483648 into Go struct field Outer.number of type int32',
  ],
  [{ number: 'x' }, 'json: cannot unmarshal string into Go struct field Outer.number of type int32'],
  [{ bytes: { a: 1 } }, 'json: cannot unmarshal number into Go struct field Outer.bytes of type []uint8'],
  [{ bytes: { a: 'eA=' } }, 'illegal base64 data at input byte 3'],
  [{ inner: { a: true } }, 'json: cannot unmarshal bool into Go struct field Inner.inner.a of type string'],
  [{ list: {} }, 'json: cannot unmarshal object into Go struct field Outer.list of type []v1.Inner'],
  [
    { at: '2024-01-01T09:00:00Z' },
    'parsing time "2024-01-01T09:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
  ],
  [
    { hard: { cpu: 'much' } },
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
] as const)('%j is decoded as Go decodes it', (value, error) => {
  expect(decodeError(value, struct)).toBe(error)
})

test('fields that a struct does not have are taken out, wherever its type says more than its name', () => {
  const object = {
    number: 1,
    other: 1,
    inner: { a: 'x', b: 1 },
    list: [{ a: 'x', c: 2 }],
    fields: { 'f:a': {} },
  }
  expect(dropUnknownFields(object, struct, '')).toEqual(['other', 'inner.b', 'list[0].c'])
  expect(object).toEqual({ number: 1, inner: { a: 'x' }, list: [{ a: 'x' }], fields: { 'f:a': {} } })
})

test('nulls become what Go makes of them', () => {
  const object = { number: null, bytes: { a: null }, list: [null] }
  expect(decodeError(object, struct)).toBeUndefined()
  dropUnknownFields(object, struct, '')
  expect(object).toEqual({ bytes: { a: '' }, list: [{}] })
})
