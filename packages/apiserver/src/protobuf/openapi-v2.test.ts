import { createHash } from 'node:crypto'
import { decodeYaml } from '@k1s/apimachinery/yaml'
import { createRuntime } from '@k1s/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeMessage } from './decode-message.ts'
import { document as documentMessage } from './openapi/document-message.ts'
import { yamlText } from './openapi/yaml-text.ts'
import example from './openapi-document.json' with { type: 'json' }
import { encodeOpenAPIV2 } from './openapi-v2.ts'
import { WireReader } from './wire/wire-reader.ts'

interface Named {
  name: string
  value: { [field: string]: unknown }
}

interface Written {
  swagger: string
  paths: { path: Named[] }
  definitions: { entries: Named[] }
}

/** The fields of the messages, as they are on the wire. */
function read(bytes: Uint8Array): Written {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fields: unknown = decodeMessage(new WireReader(buffer), documentMessage.message)
  return fields as Written
}

describe('encodeOpenAPIV2', () => {
  // What Go's protobuf writes of what github.com/google/gnostic-models 0.7.0 reads of the document.
  test('writes a document with all messages byte for byte as Go does', async () => {
    const bytes = await encodeOpenAPIV2(example)
    expect(bytes.length).toBe(2300)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      'd487d4f4f47a7b4142e2da9be1d636e4898f5606b8ab38980492d0eb12d63fa4',
    )
  })

  test('writes all paths and definitions of a server, in their order', async () => {
    await using runtime = await createRuntime({ storage: { type: 'memory' } })
    const document = (await runtime.transport.describe!('default', '/openapi/v2')) as {
      paths: object
      definitions: { [name: string]: { description: string; properties: object } }
    }
    const written = read(await encodeOpenAPIV2(document))
    expect(written.swagger).toBe('2.0')
    expect(written.paths.path.map(({ name }) => name)).toEqual(Object.keys(document.paths))
    const { entries } = written.definitions
    expect(entries.map(({ name }) => name)).toEqual(Object.keys(document.definitions))

    const name = 'io.k8s.api.core.v1.ConfigMap'
    const { value } = entries.find((entry) => entry.name === name)!
    expect(value).toMatchObject({
      description: document.definitions[name]!.description,
      type: { value: ['object'] },
      'x-': [
        {
          name: 'x-kubernetes-group-version-kind',
          value: { yaml: '- group: ""\n  version: v1\n  kind: ConfigMap\n' },
        },
      ],
    })
    const properties = (value.properties as { entries: Named[] }).entries
    expect(properties.map((property) => property.name)).toEqual(
      Object.keys(document.definitions[name]!.properties),
    )
  })

  test('lets others have their turn', async () => {
    const definition = { description: 'x'.repeat(10_000) }
    const definitions = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`d${index}`, definition]),
    )
    let turns = 0
    const count = () => {
      turns++
      timer = setImmediate(count)
    }
    let timer = setImmediate(count)
    await encodeOpenAPIV2({ definitions })
    clearImmediate(timer)
    expect(turns).toBeGreaterThan(10)
  })
})

describe('yamlText', () => {
  // What go-yaml v3 writes.
  test.each([
    [null, 'null\n'],
    ['', '""\n'],
    ['yes', 'yes\n'],
    ['true', '"true"\n'],
    ['1e3', '"1e3"\n'],
    ['2020-01-01', '"2020-01-01"\n'],
    ['a: b', "'a: b'\n"],
    ["- it's", "'- it''s'\n"],
    ['a\tb', '"a\\tb"\n'],
    ['😀', '"\\U0001F600"\n'],
    ['a\nb\n', '|\n    a\n    b\n'],
    ['a \nb', '"a \\nb"\n'],
    [[], '[]\n'],
    [{}, '{}\n'],
    [['a', [1, [2]]], '- a\n- - 1\n  - - 2\n'],
    [{ a: { b: ' x\ny' } }, 'a:\n    b: |4-\n         x\n        y\n'],
    [[{ a: 1, b: ['x\ny'] }], '- a: 1\n  b:\n    - |-\n      x\n      y\n'],
    [{ a: { b: { c: [{}] } } }, 'a:\n    b:\n        c:\n            - {}\n'],
    [{ 'a\nb': [1], 'c d': '' }, '? |-\n    a\n    b\n:   - 1\nc d: ""\n'],
  ])('writes %j as go-yaml does', (value, text) => {
    expect(yamlText(value)).toBe(text)
  })

  test('writes what YAML reads as the same value', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc
        .array(fc.constantFrom('a', ' ', '\n', ':', '#', '-', "'", '"', '\t', '1', '.', '{', '?', 'word '))
        .map((pieces) => pieces.join('')),
      fc.constantFrom('null', '~', 'true', '0777', '1_000', '.inf', '---', '<<'),
    )
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        text.filter((value) => !yaml11.test(value)),
        fc.oneof(fc.integer(), fc.boolean(), fc.constant(null)),
        fc.array(tie('json'), { maxLength: 4 }),
        fc.dictionary(
          text.filter((key) => key !== '<<' && !yaml11.test(key)),
          tie('json'),
          { maxKeys: 4, noNullPrototype: true },
        ),
      ),
    }))
    fc.assert(
      fc.property(json, (value) => {
        const [document] = decodeYaml(yamlText(value))
        expect(document?.value ?? null).toEqual(value)
      }),
      { numRuns: 500 },
    )
  })
})

/** Texts that version 1.1 of YAML, which the decoder reads, takes for something else; go-yaml v3 leaves them plain. */
const yaml11 = /^(?:y|n|yes|no|on|off)$|^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$|^\d{4}-\d/i
