import type { KubernetesObject } from '@k1s/apimachinery'
import { describe, expect, test } from 'vitest'
import { parseCondition } from './condition.ts'

const ready = (status: string, more: object = {}) =>
  ({
    apiVersion: 'v1',
    kind: 'X',
    metadata: { generation: 2 },
    status: { phase: 'Running', list: ['a', 'b'], conditions: [{ type: 'Ready', status, ...more }] },
  }) as KubernetesObject

function holds(text: string, object: KubernetesObject): boolean {
  const condition = parseCondition(text)
  if (condition.type !== 'holds') throw new Error(`${text} is about being there`)
  return condition.holds(object)
}

describe('wait --for', () => {
  test('knows create and delete in any case', () => {
    expect(parseCondition('Delete')).toEqual({ type: 'delete' })
    expect(parseCondition('create')).toEqual({ type: 'create' })
  })

  test.each([
    ['condition=Ready', 'True', true],
    ['condition=ready', 'true', true],
    ['condition=Ready', 'False', false],
    ['condition=Ready=False', 'false', true],
    ['condition=Available', 'True', false],
  ])('%s with status %s is %s', (text, status, expected) => {
    expect(holds(text, ready(status))).toBe(expected)
  })

  test('a condition that was seen on an older generation does not count', () => {
    expect(holds('condition=Ready', ready('True', { observedGeneration: 1 }))).toBe(false)
    expect(holds('condition=Ready', ready('True', { observedGeneration: 2 }))).toBe(true)
  })

  test.each([
    ["jsonpath='{.status.phase}'=Running".replaceAll("'", ''), true],
    ['jsonpath={.status.phase}', true],
    ['jsonpath=.status.phase=Running', true],
    ['jsonpath={.status.phase}="Running"', true],
    ['jsonpath={.status.phase}=Pending', false],
    ['jsonpath={.status.nothing}', false],
    ['jsonpath={.metadata.generation}=2', true],
    ['jsonpath={.status.conditions[?(@.type=="Ready")].status}=True', true],
  ])('%s is %s', (text, expected) => {
    expect(holds(text, ready('True'))).toBe(expected)
  })

  // Texts of k8s.io/kubectl/pkg/cmd/wait.
  test.each([
    ['condition', 'unrecognized condition: "condition"'],
    ['jsonpath={.a}=', 'jsonpath wait has to have a value after equal sign'],
    ['jsonpath={.a}=b=c', 'jsonpath wait format must be'],
    ['jsonpath=', 'jsonpath expression cannot be empty'],
  ])('%s is refused', (text, message) => {
    expect(() => parseCondition(text)).toThrow(message)
  })

  test('a path must lead to one plain value', () => {
    expect(() => holds('jsonpath={.status.list[*]}=a', ready('True'))).toThrow('matches more than one value')
    expect(() => holds('jsonpath={.status.list}=a', ready('True'))).toThrow('nested object or list')
  })
})
