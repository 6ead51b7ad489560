import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Document } from './document.ts'
import { encodeDocument } from './encode-document.ts'

test('a document is what JSON.stringify writes, with its tag', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (description) => {
      const document = await encodeDocument(description)
      const expected = new Document(JSON.stringify(description))
      expect(document.bytes.toString()).toBe(expected.bytes.toString())
      expect(document.etag).toBe(expected.etag)
    }),
  )
})

test('long documents are whole, and members without a value are left out', async () => {
  const description = Object.fromEntries(
    Array.from({ length: 50 }, (_, i) => [`key-${i}`, { a: 'ä'.repeat(5000), b: undefined, c: [i] }]),
  )
  expect((await encodeDocument(description)).bytes.toString()).toBe(JSON.stringify(description))
})
