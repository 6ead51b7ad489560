import { expect, test } from 'vitest'
import { pathsOf } from '../../test/ownership.ts'
import { decodeFieldsV1 } from './fields-v1.ts'

const decoded = (document: unknown) => JSON.stringify(decodeFieldsV1(document))

test('a canonical document is its own set', () => {
  const document = { 'f:a': { '.': {}, 'f:b': {}, 'f:c': { 'v:1': {} } }, 'f:d': {} }
  expect(decodeFieldsV1(document)).toBe(document)
  expect(pathsOf(document)).toEqual(['.a', '.d', '.a.b', '.a.c[=1]'])
})

test('elements are put in order, under their canonical names, once', () => {
  expect(decoded({ 'f:b': {}, 'f:a': { 'f:c': {}, '.': {} } })).toBe('{"f:a":{".":{},"f:c":{}},"f:b":{}}')
  expect(decoded({ 'k:{"b":1,"a":2}': { 'f:x': {} }, 'k:{"a":2, "b":1}': { 'f:y': {}, '.': {} } })).toBe(
    '{"k:{\\"a\\":2,\\"b\\":1}":{".":{},"f:x":{},"f:y":{}}}',
  )
})

test('what says nothing is left out', () => {
  expect(decoded({ 'f:a': { '.': {} }, '.': {} })).toBe('{"f:a":{}}')
  expect(decoded({ 'f:a': { '.': { 'f:x': {} }, 'f:b': null }, 'x:b': { 'f:c': {} } })).toBe(
    '{"f:a":{".":{},"f:b":{}}}',
  )
  expect(decoded(null)).toBe('{}')
  expect(decoded(undefined)).toBe('{}')
})

test('what is no document of fields is an error', () => {
  expect(() => decodeFieldsV1('x')).toThrow()
  expect(() => decodeFieldsV1({ 'f:a': 1 })).toThrow()
  expect(() => decodeFieldsV1({ 'f:a': [] })).toThrow()
  expect(() => decodeFieldsV1({ __proto__x: {} })).toThrow('missing colon: __proto__x')
})
