import { mergePatch } from '@k1s/core'
import { describe, expect, test } from 'vitest'
import { failure, onEachStore } from './each-store.ts'
import { configMap, Items, item, itemDefinition, namespace, secret } from './kinds.ts'

const unknown = (object: object) => ({ ...object, extra: 1 }) as never

onEachStore((opened) => {
  const warningsOf = async (write: (onWarning: (text: string) => void) => Promise<unknown>) => {
    const warnings: string[] = []
    await write((text) => warnings.push(text))
    return warnings
  }

  describe.each([
    ['ConfigMap', configMap('a'), 'v1'],
    ['Secret', secret('a'), 'v1'],
    ['Namespace', namespace('a'), 'v1'],
    ['ServiceAccount', { ...configMap('a'), kind: 'ServiceAccount' }, 'v1'],
    ['CustomResourceDefinition', itemDefinition(), 'v1'],
  ])('an unknown field of a %s', (kind, object, version) => {
    test('is refused with Strict', async () => {
      expect(
        await failure(opened.client.create(unknown(object), { fieldValidation: 'Strict' })),
      ).toMatchObject({
        code: 400,
        reason: 'BadRequest',
        message: `${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: unknown field "extra"`,
      })
    })

    test('is dropped with a warning by default', async () => {
      const warnings = await warningsOf(async (onWarning) => {
        expect(await opened.client.create(unknown(object), { onWarning })).not.toHaveProperty('extra')
      })
      expect(warnings).toEqual(['unknown field "extra"'])
    })

    test('is dropped without a word with Ignore', async () => {
      const write = (onWarning: (text: string) => void): Promise<unknown> =>
        opened.client.create(unknown(object), { fieldValidation: 'Ignore', onWarning })
      expect(await warningsOf(write)).toEqual([])
    })
  })

  test('fields of a custom resource are named by their path', async () => {
    await opened.client.create(itemDefinition())
    const spec = { size: 1, color: 'red' }
    expect(
      (await failure(opened.client.create(item('a', { spec }), { fieldValidation: 'Strict' }))).message,
    ).toBe(
      'Item in version "v1" cannot be handled as a Item: strict decoding error: unknown field "spec.size"',
    )
    const warnings = await warningsOf(async (onWarning) => {
      expect((await opened.client.create(item('a', { spec }), { onWarning })).spec).toEqual({ color: 'red' })
    })
    expect(warnings).toEqual(['unknown field "spec.size"'])
  })

  test('unknown fields of metadata are told as well', async () => {
    const object = configMap('a', { metadata: { name: 'a', owner: 'me' } as never })
    const warnings = await warningsOf((onWarning) => opened.client.create(object, { onWarning }))
    expect(warnings).toEqual(['unknown field "metadata.owner"'])
  })

  test('of updates and patches', async () => {
    await opened.client.create(itemDefinition())
    const created = await opened.client.create(item('a', { spec: {} }))
    const strict = { fieldValidation: 'Strict' } as const
    expect(
      (await failure(opened.client.update({ ...created, spec: { size: 1 } }, strict))).message,
    ).toContain('strict decoding error: unknown field "spec.size"')
    const patch = await failure(opened.client.patch(item('a'), mergePatch({ spec: { size: 1 } }), strict))
    expect(patch).toMatchObject({ code: 422, reason: 'Invalid' })
    expect(patch.message).toMatch(
      /^ "" is invalid: patch: Invalid value: "\{.*\}": strict decoding error: unknown field "spec\.size"$/,
    )
    const warnings = await warningsOf((onWarning) =>
      opened.client.patch(item('a'), mergePatch({ spec: { size: 1, quantity: 2 } }), { onWarning }),
    )
    expect(warnings).toEqual(['unknown field "spec.size"'])
    expect((await opened.client.get(Items, { name: 'a' })).spec).toEqual({ color: 'grey', quantity: 2 })
  })

  test('a patch that makes a wrong type is refused with the patched object', async () => {
    await opened.client.create(configMap('a'))
    expect(await failure(opened.client.patch(configMap('a'), mergePatch({ data: { x: 5 } })))).toMatchObject({
      code: 422,
      message: expect.stringMatching(
        /patch: Invalid value: "\{.*\}": json: cannot unmarshal number into Go struct field ConfigMap\.data of type string$/,
      ),
    })
  })

  test('an unknown directive is refused', async () => {
    const options = { fieldValidation: 'Loose' as 'Warn' }
    expect((await failure(opened.client.create(configMap('a'), options))).message).toBe(
      'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Loose": supported values: "", "Ignore", "Strict", "Warn"',
    )
  })

  test('a fieldManager that cannot be one is refused', async () => {
    const create = (fieldManager: string) => failure(opened.client.create(configMap('a'), { fieldManager }))
    expect((await create('x'.repeat(129))).message).toBe(
      'CreateOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
    )
    expect((await create('a\u0000b')).code).toBe(422)
  })
})
