import { expect, test } from 'vitest'
import {
  canonicalElement,
  compareElements,
  fieldElement,
  formatElement,
  keyElement,
  valueElement,
} from './path-element.ts'

test('elements are written as Kubernetes writes them', () => {
  expect(fieldElement('a.b/c')).toBe('f:a.b/c')
  expect(keyElement({ protocol: 'TCP', containerPort: 80 })).toBe('k:{"containerPort":80,"protocol":"TCP"}')
  expect(valueElement('a<b>&"c"\u2028')).toBe('v:"a\\u003cb\\u003e\\u0026\\"c\\"\\u2028"')
  expect(valueElement(1.5)).toBe('v:1.5')
  expect(valueElement(false)).toBe('v:false')
})

test('elements of clients become canonical', () => {
  expect(canonicalElement('k:{"b": 1, "a": "x"}')).toBe('k:{"a":"x","b":1}')
  expect(canonicalElement('v: "a"')).toBe('v:"a"')
  expect(canonicalElement('v:"\\u0061<"')).toBe('v:"a\\u003c"')
  expect(canonicalElement('i:007')).toBe('i:7')
  expect(canonicalElement('f:')).toBe('f:')
})

test('a type of element that is not known is dropped', () => {
  expect(canonicalElement('x:y')).toBe(undefined)
})

test('what is no element is an error', () => {
  expect(() => canonicalElement('f')).toThrow('key must be 2 characters long:')
  expect(() => canonicalElement('foo')).toThrow('missing colon: foo')
  expect(() => canonicalElement('i:x')).toThrow('strconv.Atoi: parsing "x": invalid syntax')
  expect(() => canonicalElement('k:{')).toThrow(SyntaxError)
  expect(() => canonicalElement('k:[1]')).toThrow(SyntaxError)
  expect(() => canonicalElement('v:1 2')).toThrow(SyntaxError)
})

test('elements are ordered by kind, then by what they say', () => {
  const ordered = [
    '.',
    'f:B',
    'f:a',
    'f:\ufffd',
    'f:😀',
    'k:{"a":2}',
    'k:{"a":10}',
    'k:{"a":10,"b":"x"}',
    'k:{"a":"1"}',
    'k:{"b":1}',
    'v:-1.5',
    'v:9',
    'v:10',
    'v:"10"',
    'v:"9"',
    'v:false',
    'v:true',
    'v:null',
    'i:2',
    'i:10',
  ]
  expect([...ordered].reverse().sort(compareElements)).toEqual(ordered)
})

test('elements are printed as in conflicts and errors', () => {
  expect(formatElement('f:replicas')).toBe('.replicas')
  expect(formatElement('k:{"a":"x\\u003c","b":80,"c":true,"d":null}')).toBe('[a="x<",b=80,c=true,d=null]')
  expect(formatElement('v:"a\\"b"')).toBe('[="a\\"b"]')
  expect(formatElement('v:10')).toBe('[=10]')
  expect(formatElement('i:3')).toBe('[3]')
})
