import { isBadRequest, isInvalid, type Unstructured } from '@k1s/apimachinery'
import { type Client, createRuntime, jsonPatch, mergePatch, type Runtime } from '@k1s/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { validateWith } from './policies.ts'

let runtime: Runtime
let client: Client
beforeEach(async () => {
  runtime = await createRuntime({ storage: { type: 'memory' } })
  client = runtime.client
})
afterEach(() => runtime.close())

const box = (fields: object): Unstructured => ({
  apiVersion: 'limits.example.com/v1',
  kind: 'Box',
  metadata: { name: 'box' },
  ...fields,
})

async function defineBoxes(spec: object): Promise<void> {
  await client.create({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'boxes.limits.example.com' },
    spec: {
      group: 'limits.example.com',
      scope: 'Namespaced',
      names: { plural: 'boxes', kind: 'Box' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
        },
      ],
    },
  })
}

describe('an object that is nested deeper than the codecs accept', () => {
  function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
    let value: unknown = 1
    for (let level = 0; level < levels; level++) value = wrap(value)
    return value
  }

  test.each([
    ['objects', (inner: unknown) => ({ a: inner })],
    ['lists', (inner: unknown) => [inner]],
  ])('is a bad request by every door, with %s', async (_, wrap) => {
    await defineBoxes({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true })
    const stored = await client.create(box({ spec: { a: nested(490, wrap) } }))
    for (const levels of [501, 5_000, 50_000]) {
      const spec = { b: nested(levels, wrap) }
      const attempts = [
        () => client.create(box({ metadata: { name: 'other' }, spec })),
        () => client.update({ ...stored, spec }),
        () => client.patch(stored, mergePatch({ spec })),
        () => client.patch(stored, jsonPatch([{ op: 'add', path: '/spec/b', value: spec.b }])),
        () => client.patch(stored, jsonPatch([{ op: 'test', path: '/spec/a', value: spec.b }])),
        () => client.apply(box({ spec }), { fieldManager: 'm', force: true }),
      ]
      for (const attempt of attempts) {
        const error = await attempt().catch((error) => error)
        expect(error).toSatisfy(isBadRequest)
        expect(error.message).toContain('json: exceeded max depth')
      }
    }
  })
})

describe('what no cost is charged for is stopped', () => {
  /** A list of lists of lists …, all of them one: it takes no memory, and for ever to go through. */
  const shared = (name: string, end: string) =>
    `${Array.from({ length: 8 }, (_, level) => {
      const element = level === 0 ? `'a'` : `${name}${level - 1}`
      return `[[${Array(20).fill(element).join()}]].all(${name}${level}, `
    }).join('')}${end}${')'.repeat(8)}`

  test.each([
    `'%s'.format([x7]) == ''`,
    `'%s'.format([{'a': x7}]) == ''`,
    'x7.flatten(10).size() > 0',
    '[x7].indexOf(x7) == 1',
    'dyn([x7]).lastIndexOf(x7) == 1',
    '[x7, x7].distinct().size() > 0',
    'sets.contains([x7], [x7])',
  ])('in the rule %s', async (end) => {
    await defineBoxes({ type: 'object', 'x-kubernetes-validations': [{ rule: shared('x', end) }] })
    await expect(client.create(box({ spec: {} }))).rejects.toThrow('cost limit exceeded')
  })

  test('in the variables of a policy', async () => {
    await validateWith(client, 'lists', {
      variables: Array.from({ length: 40 }, (_, index) => ({
        name: `v${index}`,
        expression: index === 0 ? `['a']` : `[variables.v${index - 1}, variables.v${index - 1}]`,
      })),
      validations: [{ expression: `'%s'.format([variables.v39]) != ''` }],
    })
    await expect(
      client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }),
    ).rejects.toThrow('operation cancelled: actual cost limit exceeded')
  })
})

test('variables that need each other deeper than the stack is are an error of the expression', async () => {
  await validateWith(client, 'chain', {
    variables: Array.from({ length: 1_000 }, (_, index) => ({
      name: `v${index}`,
      expression: index === 0 ? '1' : `variables.v${index - 1}${' + 1'.repeat(50)}`,
    })),
    validations: [{ expression: 'variables.v999 > 1' }],
  })
  await expect(
    client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }),
  ).rejects.toSatisfy(isInvalid)
})

test('an object with more mistakes than a call has arguments is refused, and the first 10,000 are told', async () => {
  const finalizers = Array.from({ length: 130_000 }, (_, index) => `-${index}`)
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', finalizers } }
  const refused = await client.create(object).catch((error: unknown) => error)
  expect(isInvalid(refused) && refused.status.details?.causes?.length).toBe(10_000)
})
