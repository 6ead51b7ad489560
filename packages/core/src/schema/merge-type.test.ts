import type { MergeMap, MergeType } from '@k1s/apimachinery'
import { expect, test } from 'vitest'
import { validatingAdmissionPolicy } from '../builtin/types/admission-policies.ts'
import { configMap } from '../builtin/types/config-map.ts'
import { customResourceDefinition } from '../builtin/types/custom-resource-definition.ts'
import { coreEvent } from '../builtin/types/event.ts'
import { resourceQuota } from '../builtin/types/resource-quota.ts'
import { serviceAccount } from '../builtin/types/service-account.ts'
import type { JSONSchemaProps } from './json-schema-props.ts'
import { mergeTypeOfSchema } from './merge-type-of-schema.ts'
import { mergeTypeOfStruct } from './merge-type-of-struct.ts'

/** The type at a path, in which `[]` is an item, in a word or two. */
function typeAt(root: MergeType, path: string): string {
  let type: MergeType | undefined = root
  for (const step of path === '' ? [] : path.split('.')) {
    if (type?.kind === 'list' && step === '[]') type = type.element
    else if (type?.kind === 'map') type = type.field(step)
    else return `no ${step} in ${JSON.stringify(type)}`
  }
  if (type === undefined) return 'none'
  if (type.kind === 'scalar') return type.type ?? 'scalar'
  if (type.kind === 'untyped') return type.atomic === true ? 'untyped atomic' : 'untyped'
  if (type.kind === 'map') return `${type.relationship} map`
  const { keys, keyDefaults } = type
  return [`${type.relationship} list`, keys, keyDefaults && JSON.stringify(keyDefaults)]
    .filter(Boolean)
    .join(' ')
}

test.each([
  [configMap, '', 'granular map'],
  [configMap, 'data', 'granular map'],
  [configMap, 'data.any', 'string'],
  [configMap, 'unknown', 'none'],
  [configMap, 'immutable', 'boolean'],
  [configMap, 'metadata.ownerReferences', 'map list uid {"uid":""}'],
  [configMap, 'metadata.ownerReferences.[]', 'atomic map'],
  [configMap, 'metadata.finalizers', 'set list'],
  [configMap, 'metadata.managedFields', 'atomic list'],
  [configMap, 'metadata.managedFields.[].fieldsV1.f:data', 'untyped'],
  [configMap, 'metadata.creationTimestamp', 'scalar'],
  [coreEvent, 'involvedObject', 'atomic map'],
  [coreEvent, 'count', 'numeric'],
  [serviceAccount, 'secrets', 'map list name'],
  [serviceAccount, 'imagePullSecrets', 'atomic list'],
  [resourceQuota, 'spec.hard.pods', 'scalar'],
  [validatingAdmissionPolicy, 'spec.variables', 'map list name {"name":""}'],
  [validatingAdmissionPolicy, 'spec.validations', 'atomic list'],
  [validatingAdmissionPolicy, 'status.conditions', 'map list type {"type":""}'],
  [customResourceDefinition, 'spec.versions.[].schema.openAPIV3Schema.properties.spec.not', 'granular map'],
  [customResourceDefinition, 'spec.versions.[].schema.openAPIV3Schema.items', 'untyped'],
  [customResourceDefinition, 'spec.versions.[].subresources.status.any', 'untyped'],
] as const)('of built-in kinds: %o %s is a %s', (struct, path, expected) => {
  expect(typeAt(mergeTypeOfStruct(struct), path)).toBe(expected)
})

const list = (schema: JSONSchemaProps): JSONSchemaProps => ({ type: 'array', ...schema })
const item: JSONSchemaProps = {
  type: 'object',
  properties: { name: { type: 'string' }, protocol: { type: 'string', default: 'TCP' } },
}
const schema: JSONSchemaProps = {
  type: 'object',
  properties: {
    metadata: { type: 'object' },
    spec: {
      type: 'object',
      properties: {
        text: { type: 'string' },
        bytes: { type: 'string', format: 'byte' },
        at: { type: 'string', format: 'date-time' },
        number: { type: 'number' },
        flag: { type: 'boolean' },
        port: { 'x-kubernetes-int-or-string': true },
        plain: list({ items: item }),
        set: list({ items: { type: 'string' }, 'x-kubernetes-list-type': 'set' }),
        ports: list({
          items: item,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name', 'protocol'],
        }),
        reference: {
          type: 'object',
          'x-kubernetes-map-type': 'atomic',
          properties: { name: { type: 'string' } },
        },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        free: { type: 'object' },
        any: { 'x-kubernetes-preserve-unknown-fields': true },
        anyAtomic: { 'x-kubernetes-preserve-unknown-fields': true, 'x-kubernetes-map-type': 'atomic' },
        open: {
          type: 'object',
          'x-kubernetes-preserve-unknown-fields': true,
          properties: { known: { type: 'object', properties: { a: { type: 'string' } } } },
        },
        template: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { spec: item } },
      },
    },
  },
}

test.each([
  ['', 'granular map'],
  ['apiVersion', 'string'],
  ['metadata.finalizers', 'set list'],
  ['other', 'none'],
  ['spec.text', 'string'],
  ['spec.bytes', 'string'],
  ['spec.at', 'scalar'],
  ['spec.number', 'numeric'],
  ['spec.flag', 'boolean'],
  ['spec.port', 'untyped'],
  ['spec.plain', 'atomic list'],
  ['spec.set', 'set list'],
  ['spec.ports', 'map list name,protocol {"protocol":"TCP"}'],
  ['spec.ports.[].name', 'string'],
  ['spec.reference', 'atomic map'],
  ['spec.labels.any', 'string'],
  ['spec.free.any', 'untyped'],
  ['spec.any', 'untyped'],
  ['spec.anyAtomic', 'untyped atomic'],
  ['spec.open.known', 'granular map'],
  ['spec.open.unknown', 'untyped'],
  // What is preserved somewhere is preserved in all that is below.
  ['spec.open.known.unknown', 'untyped'],
  ['spec.template.metadata.ownerReferences', 'map list uid {"uid":""}'],
  ['spec.template.other', 'none'],
] as const)('of a structural schema: %s is a %s', (path, expected) => {
  expect(typeAt(mergeTypeOfSchema(schema), path)).toBe(expected)
})

test('a type is the same object each time, and tells what a struct declares', () => {
  for (const root of [mergeTypeOfSchema(schema), mergeTypeOfStruct(configMap)] as MergeMap[]) {
    expect(root.field('metadata')).toBe(root.field('metadata'))
    expect([root.declares('metadata'), root.declares('other')]).toEqual([true, false])
    const labels = (root.field('metadata') as MergeMap).field('labels') as MergeMap
    expect([labels.declares('a'), labels.field('a')]).toEqual([false, { kind: 'scalar', type: 'string' }])
  }
  expect(mergeTypeOfStruct(configMap)).toBe(mergeTypeOfStruct(configMap))
})
