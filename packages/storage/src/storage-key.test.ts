import { isBadRequest } from '@k1s/apimachinery'
import { storageKey, storagePrefix } from '@k1s/storage'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const good = { tenant: 'a', resource: 'configmaps', namespace: 'default', name: 'x' }

test('a key is tenant, resource, namespace and name', () => {
  expect(storageKey(good)).toBe('/a/configmaps/default/x')
  expect(storageKey({ ...good, namespace: undefined })).toBe('/a/configmaps/x')
})

test('a prefix ends in a slash', () => {
  expect(storagePrefix({ tenant: 'a', resource: 'configmaps' })).toBe('/a/configmaps/')
  expect(storagePrefix(good)).toBe('/a/configmaps/default/')
})

test.each([
  ['', `invalid name "": must not be empty`],
  ['.', `invalid name ".": may not be '.'`],
  ['..', `invalid name "..": may not be '..'`],
  ['a/b', `invalid name "a/b": may not contain '/'`],
  ['a\\b', `invalid name "a\\\\b": may not contain '\\'`],
  ['%2f', `invalid name "%2f": may not contain '%'`],
  ['a\0', `invalid name "a\\u0000": may not contain the control character U+0000`],
  ['a\u0085', `invalid name "a\\u0085": may not contain the control character U+0085`],
  ['\ud800', `invalid name "\\ud800": must be well-formed Unicode`],
])('a name %j is refused', (name, message) => {
  expect(() => storageKey({ ...good, name })).toThrow(message)
  expect(() => storageKey({ ...good, namespace: name })).toThrow('invalid namespace')
  expect(() => storageKey({ ...good, resource: name })).toThrow('invalid resource')
})

test.each(['', 'A', 'a.b', '-a', 'a-', 'ä', '..', 'a/b', 'a'.repeat(64)])(
  'a tenant %j is refused',
  (tenant) => {
    expect(() => storageKey({ ...good, tenant })).toThrow('invalid tenant')
  },
)

test('a key takes at most 1,024 bytes', () => {
  const room = 1024 - '/a/configmaps/default/'.length
  expect(Buffer.byteLength(storageKey({ ...good, name: 'x'.repeat(room) }))).toBe(1024)
  expect(() => storageKey({ ...good, name: 'x'.repeat(room + 1) })).toThrow(
    '1025 bytes, at most 1024 are possible',
  )
  expect(() => storageKey({ ...good, name: '漢'.repeat(room / 3 + 1) })).toThrow('at most 1024 are possible')
})

test('whatever is passed, a key stays below its prefix or is refused', () => {
  const segment = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('..', '.', '%2f', 'a', 'a-b', '/'))
  fc.assert(
    fc.property(
      fc.constantFrom('a', 'a-b'),
      segment,
      segment,
      segment,
      (tenant, resource, namespace, name) => {
        try {
          const key = storageKey({ tenant, resource, namespace, name })
          expect(key.split('/')).toEqual(['', tenant, resource, namespace, name])
          expect(key.startsWith(storagePrefix({ tenant, resource, namespace }))).toBe(true)
          expect(Buffer.from(key).toString()).toBe(key)
        } catch (error) {
          if (!isBadRequest(error)) throw error
        }
      },
    ),
  )
})
