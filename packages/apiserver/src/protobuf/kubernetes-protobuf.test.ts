import { isBadRequest, type JsonObject, maxJsonDepth } from '@k1s/apimachinery'
import { createRuntime } from '@k1s/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasProtobuf, messageOf } from './kinds.ts'
// Objects as Go's encoders of k8s.io/api 0.37 write them, in JSON and in protobuf.
import objects from './kubernetes-objects.json' with { type: 'json' }
import {
  decodeKubernetesProtobuf,
  encodeKubernetesProtobuf,
  encodeWatchFrame,
  type TypedObject,
} from './kubernetes-protobuf.ts'
import type { FieldType, Message } from './message.ts'

const configMap = { apiVersion: 'v1', kind: 'ConfigMap' }

/** A ConfigMap whose message is made of these bytes. */
function configMapOf(...raw: number[]): Buffer {
  const envelope = Buffer.from(encodeKubernetesProtobuf(configMap))
  const start = envelope.indexOf(Buffer.from([0x12]), 4 + 2 + envelope[5]!)
  const length = []
  for (let left = raw.length; ; left >>>= 7) {
    length.push(left < 0x80 ? left : (left & 0x7f) | 0x80)
    if (left < 0x80) break
  }
  return Buffer.concat([envelope.subarray(0, start), Buffer.from([0x12, ...length, ...raw])])
}

function problemOf(bytes: Uint8Array): string {
  try {
    decodeKubernetesProtobuf(bytes, configMap)
  } catch (error) {
    if (isBadRequest(error) && error instanceof Error) return error.message
    throw error
  }
  return ''
}

describe('decodeKubernetesProtobuf', () => {
  test.each(objects)('reads $name as Go does', ({ object, protobuf }) => {
    expect(decodeKubernetesProtobuf(Buffer.from(protobuf, 'base64'))).toEqual(object)
  })

  test('takes the kind of the endpoint for an object that says none', () => {
    expect(decodeKubernetesProtobuf(Buffer.from('k8s\0\x12\x00', 'latin1'), configMap)).toEqual({
      ...configMap,
      metadata: {},
    })
  })

  test('passes over fields that it does not know, of any wire type', () => {
    const fields = [0x98, 0x01, 0x80, 0x01, 0x99, 0x01, 1, 2, 3, 4, 5, 6, 7, 8, 0x9a, 0x01, 1, 0]
    const group = [0x9b, 0x01, 0x0b, 0x08, 1, 0x0c, 0x9c, 0x01, 0x9d, 0x01, 1, 2, 3, 4]
    expect(decodeKubernetesProtobuf(configMapOf(...fields, ...group, 0x20, 1))).toEqual({
      ...configMap,
      metadata: {},
      immutable: true,
    })
  })

  test('merges a message that comes in parts, and takes the last of several scalars', () => {
    const name = [0x0a, 3, 0x0a, 1, 0x61]
    const namespace = [0x0a, 6, 0x0a, 1, 0x62, 0x1a, 1, 0x63]
    expect(decodeKubernetesProtobuf(configMapOf(...name, 0x20, 1, ...namespace, 0x20, 0))).toEqual({
      ...configMap,
      metadata: { name: 'b', namespace: 'c' },
      immutable: false,
    })
  })

  test('keeps a key __proto__ as any other', () => {
    const object = { ...configMap, metadata: {}, data: JSON.parse('{"__proto__":"x"}') as unknown }
    const decoded = decodeKubernetesProtobuf(encodeKubernetesProtobuf(object))
    expect(Object.keys(decoded.data as object)).toEqual(['__proto__'])
    expect(JSON.stringify(decoded)).toContain('"data":{"__proto__":"x"}')
  })

  const of = 'the object provided is unrecognized (must be of type ConfigMap): '
  const as = 'ConfigMap in version "v1" cannot be handled as a ConfigMap: '
  test.each([
    ['nothing', Buffer.alloc(0), `${of}empty data (<empty>)`],
    [
      'JSON',
      Buffer.from('{}'),
      `${of}provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] (7b7d)`,
    ],
    ['the prefix alone', Buffer.from('k8s\0'), `${of}empty body (6b387300)`],
    [
      'an envelope that is cut off',
      Buffer.from('k8s\0\x12\x09', 'latin1'),
      `${of}unexpected EOF (6b3873001209)`,
    ],
    ['a varint that is cut off', configMapOf(0x20, 0x80), `${as}unexpected EOF`],
    ['a length beyond the end', configMapOf(0x0a, 0xff, 0xff, 0xff, 0x7f), `${as}unexpected EOF`],
    [
      'a negative length',
      configMapOf(0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
      `${as}proto: negative length found during unmarshaling`,
    ],
    [
      'a varint of eleven bytes',
      configMapOf(0x20, ...Array(10).fill(0xff), 1),
      `${as}proto: integer overflow`,
    ],
    [
      'a field of another wire type',
      configMapOf(0x22, 0),
      `${as}proto: wrong wireType = 2 for field Immutable`,
    ],
    ['field number zero', configMapOf(0x00, 0), `${as}proto: ConfigMap: illegal tag 0 (wire type 0)`],
    ['an end without a group', configMapOf(0x2c), `${as}proto: ConfigMap: wiretype end group for non-group`],
    ['an unknown wire type', configMapOf(0x2f), `${as}proto: illegal wireType 7`],
    ['groups without an end', configMapOf(...Array(100_000).fill(0x2b)), `${as}unexpected EOF`],
    [
      'an integer that is no exact number',
      configMapOf(0x0a, 10, 0x38, ...Array(8).fill(0xff), 0x7f),
      `${as}the integer 9223372036854775807 cannot be kept exactly: integers are exact up to 9007199254740991`,
    ],
    [
      'a time after the year 9999',
      configMapOf(0x0a, 9, 0x42, 7, 0x08, 0x80, 0x83, 0xd1, 0xff, 0xaf, 0x07),
      `${as}the time of 253402300800 seconds since 1970 is not in the years 1 to 9999`,
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(problemOf(bytes)).toBe(message)
  })

  test('refuses a kind that has no protobuf', () => {
    const bytes = Buffer.from(encodeKubernetesProtobuf(configMap))
    bytes.write('X', bytes.indexOf('ConfigMap'))
    expect(problemOf(bytes)).toBe(
      'XonfigMap in version "v1" cannot be handled as a ConfigMap: no kind "XonfigMap" is registered for version "v1" in protobuf',
    )
  })

  test('takes the version of the endpoint for one that is none', () => {
    const bytes = Buffer.from(encodeKubernetesProtobuf(configMap))
    bytes.write('//', bytes.indexOf('v1'))
    expect(decodeKubernetesProtobuf(bytes, configMap)).toMatchObject(configMap)
  })

  test('refuses schemas that are nested too deeply', () => {
    let schema: JsonObject = { type: 'string' }
    for (let depth = 0; depth < 1000; depth++) schema = { not: schema }
    const crd = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      spec: { versions: [{ schema: { openAPIV3Schema: schema } }] },
    }
    expect(() => decodeKubernetesProtobuf(encodeKubernetesProtobuf(crd))).toThrow(
      `exceeded max depth of ${maxJsonDepth}`,
    )
  })

  test('reads or refuses any bytes, and never fails otherwise', () => {
    const valid = objects.map(({ protobuf }) => Buffer.from(protobuf, 'base64'))
    const changed = fc
      .tuple(fc.constantFrom(...valid), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat())
      .map(([bytes, changes, cut]) => {
        const copy = Buffer.from(bytes)
        for (const [position, byte] of changes) copy[position % copy.length] = byte
        return cut % 2 === 0 ? copy : copy.subarray(0, cut % copy.length)
      })
    const arbitrary = fc.uint8Array({ maxLength: 200 }).map((bytes) => configMapOf(...bytes))
    fc.assert(
      fc.property(fc.oneof(changed, arbitrary), (bytes) => {
        problemOf(bytes)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('encodeKubernetesProtobuf', () => {
  test.each(objects)('writes $name byte for byte as Go does', ({ object, protobuf }) => {
    const bytes = encodeKubernetesProtobuf(object as TypedObject)
    expect(Buffer.from(bytes).toString('base64')).toBe(protobuf)
  })

  test('writes what decodeKubernetesProtobuf reads back', () => {
    const text = fc.string({ unit: 'grapheme' })
    const texts = fc.dictionary(text, text, { minKeys: 1 })
    fc.assert(
      fc.property(texts, texts, fc.integer(), fc.boolean(), (data, labels, number, immutable) => {
        const metadata = { name: 'a', labels, ...(number !== 0 && { generation: number * 2 ** 20 }) }
        const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata, immutable, data }
        expect(decodeKubernetesProtobuf(encodeKubernetesProtobuf(object))).toEqual(object)
      }),
    )
  })

  test('refuses a kind that has no protobuf', () => {
    expect(() => encodeKubernetesProtobuf({ apiVersion: 'example.com/v1', kind: 'Item' })).toThrow(
      new TypeError('Item of example.com/v1 has no protobuf'),
    )
  })
})

describe('encodeWatchFrame', () => {
  test('writes a WatchEvent with the whole object, its length before it', () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }
    const raw = Buffer.from(encodeKubernetesProtobuf(object))
    const extension = Buffer.concat([Buffer.from([0x0a, raw.length]), raw])
    const event = Buffer.concat([
      Buffer.from([0x0a, 5]),
      Buffer.from('ADDED'),
      Buffer.from([0x12, extension.length]),
      extension,
    ])
    const frame = Buffer.from(encodeWatchFrame('ADDED', object))
    expect(frame.readUInt32BE(0)).toBe(event.length)
    expect(frame.subarray(4)).toEqual(event)
  })
})

interface Schema {
  $ref?: string
  allOf?: Schema[]
  items?: Schema
  additionalProperties?: Schema
  properties?: { [name: string]: Schema }
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[]
}

describe('hasProtobuf', () => {
  test('is true of every built-in kind and its lists, and of no custom or unknown one', async () => {
    await using runtime = await createRuntime({ storage: { type: 'memory' } })
    const resources = await runtime.transport.discover('default')
    expect(resources.length).toBeGreaterThan(10)
    for (const { group, versions, kind } of resources) {
      expect([kind, hasProtobuf(group, versions[0]!, kind)]).toEqual([kind, true])
      expect([kind, hasProtobuf(group, versions[0]!, `${kind}List`)]).toEqual([kind, true])
    }
    expect(hasProtobuf('', 'v1', 'Status')).toBe(true)
    expect(hasProtobuf('autoscaling', 'v1', 'Scale')).toBe(true)
    expect(hasProtobuf('meta.k8s.io', 'v1', 'PartialObjectMetadataList')).toBe(true)
    expect(hasProtobuf('meta.k8s.io', 'v1', 'Table')).toBe(false)
    expect(hasProtobuf('example.com', 'v1', 'ConfigMap')).toBe(false)
  })

  test('the messages have the fields that OpenAPI tells of', async () => {
    await using runtime = await createRuntime({ storage: { type: 'memory' } })
    const document = (await runtime.transport.describe!('default', '/openapi/v2')) as {
      definitions: { [name: string]: Schema }
    }
    const differences: string[] = []
    const checked = new Set<Message>()
    const resolve = (schema: Schema | undefined): Schema => {
      const reference = schema?.$ref ?? schema?.allOf?.[0]?.$ref
      return reference === undefined ? (schema ?? {}) : document.definitions[reference.split('/').pop()!]!
    }
    const compare = (message: Message, { properties = {} }: Schema, ignored: readonly string[] = []) => {
      if (checked.has(message)) return
      checked.add(message)
      const names = Object.keys(fieldsOf(message))
      for (const name of new Set([...names, ...Object.keys(properties)])) {
        if (ignored.includes(name)) continue
        if (!names.includes(name) || !(name in properties)) differences.push(`${message.name}.${name}`)
        else compareType(fieldsOf(message)[name]![1], properties[name])
      }
    }
    const compareType = (type: FieldType, schema: Schema | undefined) => {
      if (typeof type === 'string' || 'message' in type) return
      if ('listOf' in type) compareType(type.listOf, resolve(schema).items)
      else if ('mapOf' in type) compareType(type.mapOf, resolve(schema).additionalProperties)
      else compare(type, resolve(schema))
    }
    for (const schema of Object.values(document.definitions)) {
      for (const { group, version, kind } of schema['x-kubernetes-group-version-kind'] ?? []) {
        const message = messageOf(group === '' ? version : `${group}/${version}`, kind)
        if (message !== undefined) compare(message, schema, ['apiVersion', 'kind'])
      }
    }
    expect(checked.size).toBeGreaterThan(70)
    expect(differences).toEqual([])
  })
})

function fieldsOf(message: Message): Message['fields'] {
  const fields = Object.entries(message.fields).flatMap(([name, field]) =>
    field[2] === 'inline' ? Object.entries(fieldsOf(field[1] as Message)) : [[name, field] as const],
  )
  return Object.fromEntries(fields)
}
