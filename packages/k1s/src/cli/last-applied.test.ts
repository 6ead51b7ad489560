import { type KubernetesObject, lastAppliedConfigAnnotation } from '@k1s/apimachinery'
import { describe, expect, test } from 'vitest'
import { createOrUpdateLastApplied, withLastApplied } from './last-applied.ts'

const configMap = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x' },
  data: { 10: 'a', 9: 'b < c' },
}

const annotationOf = (object: KubernetesObject) => object.metadata.annotations?.[lastAppliedConfigAnnotation]

describe('the last-applied annotation', () => {
  test('is the text that kubectl writes, and does not hold itself', () => {
    const once = withLastApplied(configMap)
    expect(annotationOf(once)).toBe(
      '{"apiVersion":"v1","data":{"10":"a","9":"b \\u003c c"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"x"}}\n',
    )
    expect(withLastApplied(once)).toEqual(once)
    expect(configMap.metadata).not.toHaveProperty('annotations')
  })

  test('create and replace only keep an existing one up to date, unless --save-config asks for it', () => {
    expect(createOrUpdateLastApplied(false, configMap)).toBe(configMap)
    expect(annotationOf(createOrUpdateLastApplied(true, configMap))).toBeDefined()
    const changed = { ...withLastApplied(configMap), data: {} }
    expect(annotationOf(createOrUpdateLastApplied(false, changed))).toContain('"data":{}')
  })
})
