import { shareJson } from '@k1s/apimachinery'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { objectText } from './object-text.ts'

const fields = shareJson({ 'f:spec': { 'f:a': {}, 'k:{"x":"\\""}': { '.': {} } } })

test('is the JSON of the object, also where sets of managed fields are shared', () => {
  const entry = fc.record(
    {
      manager: fc.string(),
      operation: fc.constantFrom('Apply', 'Update'),
      subresource: fc.string(),
      fieldsV1: fc.constantFrom(fields, { 'f:data': {} }),
    },
    { requiredKeys: ['manager'] },
  )
  const object = fc.record(
    {
      apiVersion: fc.constant('v1'),
      kind: fc.constant('Thing'),
      metadata: fc.record(
        {
          name: fc.string(),
          managedFields: fc.array(entry),
          labels: fc.dictionary(fc.string(), fc.string()),
        },
        { requiredKeys: [] },
      ),
      spec: fc.jsonValue(),
      status: fc.constant(undefined),
    },
    { requiredKeys: ['apiVersion', 'kind', 'metadata'] },
  )
  fc.assert(
    fc.property(object, (value) => {
      const expected = JSON.parse(JSON.stringify(value))
      expect(JSON.parse(objectText(value as never))).toEqual(expected)
      expect(JSON.parse(objectText(value as never, true))).toEqual(expected)
      expect(JSON.parse(JSON.stringify(value))).toEqual(expected)
    }),
  )
})
