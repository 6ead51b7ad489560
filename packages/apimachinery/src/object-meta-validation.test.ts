import { describe, expect, test } from 'vitest'
import { type FieldError, formatFieldError } from './field-error.ts'
import type { ObjectMeta } from './meta.ts'
import {
  validateAnnotations,
  validateFieldManager,
  validateFinalizers,
  validateImmutableField,
  validateLabels,
  validateManagedFields,
  validateObjectMeta,
  validateObjectMetaUpdate,
  validateOwnerReferences,
} from './object-meta-validation.ts'
import { nameIsDNSSubdomain } from './validation.ts'

const texts = (errors: FieldError[]) => errors.map(formatFieldError)
const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: '1' }

describe('on creation', () => {
  const create = (meta: ObjectMeta, namespaced = true) =>
    texts(validateObjectMeta(meta, { namespaced, nameRule: nameIsDNSSubdomain }, 'metadata'))

  test('good metadata has no errors', () => {
    const meta: ObjectMeta = {
      name: 'a.b',
      generateName: 'a.',
      namespace: 'default',
      generation: 1,
      labels: { 'example.com/a': 'b', c: '' },
      annotations: { 'Example.com/A': 'anything at all\n' },
      ownerReferences: [owner],
      finalizers: ['example.com/a'],
      managedFields: [{ manager: 'k1s', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1' }],
    }
    expect(create({ ...meta, generateName: 'a-' })).toEqual([])
  })

  test('a name is required', () => {
    expect(create({ namespace: 'a' })).toEqual([
      'metadata.name: Required value: name or generateName is required',
    ])
  })

  test('name and generateName follow the rule of the kind', () => {
    const errors = create({ name: 'A', generateName: 'Big-', namespace: 'a' })
    expect(errors).toHaveLength(2)
    expect(errors[0]).toMatch(
      /^metadata.generateName: Invalid value: "Big-": a lowercase RFC 1123 subdomain must/,
    )
    expect(errors[1]).toMatch(/^metadata.name: Invalid value: "A": a lowercase RFC 1123 subdomain must/)
  })

  test('a namespace is required where there are some, and forbidden elsewhere', () => {
    expect(create({ name: 'a' })).toEqual(['metadata.namespace: Required value'])
    expect(create({ name: 'a', namespace: 'b' }, false)).toEqual([
      'metadata.namespace: Forbidden: not allowed on this type',
    ])
    expect(create({ name: 'a', namespace: 'b.c' })).toEqual([
      'metadata.namespace: Invalid value: "b.c": must not contain dots',
    ])
  })

  test('generation is not negative', () => {
    expect(create({ name: 'a', namespace: 'b', generation: -1 })).toEqual([
      'metadata.generation: Invalid value: -1: must be greater than or equal to 0',
    ])
  })

  test('all parts are checked at their paths', () => {
    const errors = create({
      name: 'a',
      namespace: 'b',
      labels: { a: ' ' },
      annotations: { ' ': '' },
      ownerReferences: [{ ...owner, uid: '' }],
      finalizers: [' '],
      managedFields: [{}],
    })
    expect(errors.map((error) => error.split(': ')[0])).toEqual([
      'metadata.labels',
      'metadata.annotations',
      'metadata.ownerReferences[0].uid',
      'metadata.finalizers',
      'metadata.managedFields[0].operation',
    ])
  })
})

describe('on update', () => {
  const old: ObjectMeta = {
    name: 'a',
    namespace: 'b',
    uid: '1',
    resourceVersion: '5',
    generation: 2,
    creationTimestamp: '2026-01-31T12:00:00Z',
  }
  const update = (change: ObjectMeta, before: ObjectMeta = old) =>
    texts(validateObjectMetaUpdate({ ...before, ...change }, before, 'metadata'))

  test('metadata may stay as it is', () => {
    expect(update({})).toEqual([])
    expect(update({ labels: { a: 'b' }, finalizers: ['example.com/a'], generation: 3 })).toEqual([])
  })

  test.each<[ObjectMeta, string]>([
    [{ name: 'x' }, 'metadata.name: Invalid value: "x": field is immutable'],
    [{ namespace: '' }, 'metadata.namespace: Invalid value: "": field is immutable'],
    [{ uid: '2' }, 'metadata.uid: Invalid value: "2": field is immutable'],
    [
      { creationTimestamp: '2026-01-31T12:00:01Z' },
      'metadata.creationTimestamp: Invalid value: "2026-01-31T12:00:01Z": field is immutable',
    ],
    [
      { deletionTimestamp: '2026-01-31T12:00:01Z' },
      'metadata.deletionTimestamp: Invalid value: "2026-01-31T12:00:01Z": field is immutable',
    ],
    [
      { deletionGracePeriodSeconds: 30 },
      'metadata.deletionGracePeriodSeconds: Invalid value: 30: field is immutable',
    ],
    [{ generation: 1 }, 'metadata.generation: Invalid value: 1: must not be decremented'],
    [{ resourceVersion: '' }, 'metadata.resourceVersion: Invalid value: "": must be specified for an update'],
  ])('%o is refused', (change, message) => {
    expect(update(change)).toEqual([message])
  })

  test('a time that is gone is shown as null', () => {
    const { creationTimestamp: _, ...meta } = old
    expect(texts(validateObjectMetaUpdate(meta, old, 'metadata'))).toEqual([
      'metadata.creationTimestamp: Invalid value: null: field is immutable',
    ])
  })

  test('an object that is being deleted gets no new finalizers, but may lose some', () => {
    const deleting = { ...old, deletionTimestamp: '2026-01-31T12:00:00Z', finalizers: ['x/a', 'x/b'] }
    expect(update({ finalizers: ['x/a'] }, deleting)).toEqual([])
    expect(update({ finalizers: ['x/d', 'x/a', 'x/c'] }, deleting)).toEqual([
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"x/c", "x/d"}',
    ])
  })
})

test('labels are checked by key and value', () => {
  const errors = texts(validateLabels({ '-a': 'b', a: '-b', c: 'd' }, 'metadata.labels'))
  expect(errors).toHaveLength(2)
  expect(errors[0]).toMatch(/^metadata.labels: Invalid value: "-a": name part must consist of/)
  expect(errors[1]).toMatch(/^metadata.labels: Invalid value: "-b": a valid label must be an empty string/)
})

test('annotations have 256 KiB of keys and values together', () => {
  const fitting = 256 * 1024 - 1
  expect(validateAnnotations({ a: 'x'.repeat(fitting) }, 'a')).toEqual([])
  expect(texts(validateAnnotations({ a: 'x'.repeat(fitting + 1) }, 'metadata.annotations'))).toEqual([
    'metadata.annotations: Too long: may not be more than 262144 bytes',
  ])
  expect(validateAnnotations({ a: 'ö'.repeat(131072) }, 'a')).toHaveLength(1)
})

describe('owner references', () => {
  const validate = (...references: object[]) =>
    texts(validateOwnerReferences(references as (typeof owner)[], 'metadata.ownerReferences'))

  test.each<[object, string[]]>([
    [owner, []],
    [{ ...owner, apiVersion: 'apps/v1' }, []],
    [
      {},
      ['apiVersion', 'kind', 'name', 'uid'].map(
        (field) => `metadata.ownerReferences[0].${field}: Required value: must not be empty`,
      ),
    ],
    [
      { ...owner, apiVersion: 'a/b/c' },
      [
        'metadata.ownerReferences[0].apiVersion: Invalid value: "a/b/c": must be <group>/<version> or <version>',
      ],
    ],
    [
      { ...owner, apiVersion: 'apps/' },
      [
        'metadata.ownerReferences[0].apiVersion: Invalid value: "apps/": must be <group>/<version> or <version>',
      ],
    ],
    [
      { ...owner, kind: 'Event' },
      [
        'metadata.ownerReferences[0]: Invalid value: {"apiVersion":"v1","kind":"Event","name":"a","uid":"1"}: /v1, Kind=Event is disallowed from being an owner',
      ],
    ],
  ])('%o', (reference, messages) => {
    expect(validate(reference)).toEqual(messages)
  })

  test('only one is the controller', () => {
    const controller = { ...owner, controller: true }
    expect(validate({ ...owner, controller: false }, controller)).toEqual([])
    expect(validate(controller, { ...controller, name: 'b' })).toEqual([
      'metadata.ownerReferences: Invalid value: [{"apiVersion":"v1","kind":"ConfigMap","name":"a","uid":"1","controller":true},{"apiVersion":"v1","kind":"ConfigMap","name":"b","uid":"1","controller":true}]: Only one reference can have Controller set to true. Found "true" in references for ConfigMap/a and ConfigMap/b',
    ])
  })
})

test('finalizers are qualified names, and dependents are either orphaned or deleted', () => {
  expect(validateFinalizers(['orphan', 'example.com/a'], 'f')).toEqual([])
  expect(texts(validateFinalizers(['orphan', 'foregroundDeletion'], 'metadata.finalizers'))).toEqual([
    'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
  ])
  expect(texts(validateFinalizers(['a/b/c'], 'metadata.finalizers'))[0]).toMatch(
    /^metadata.finalizers: Invalid value: "a\/b\/c": a valid label key must consist of/,
  )
})

test('a field manager is printable and short', () => {
  expect(validateFieldManager('', 'fieldManager')).toEqual([])
  expect(validateFieldManager('kubectl edit ö', 'fieldManager')).toEqual([])
  expect(texts(validateFieldManager('ö\n', 'fieldManager'))).toEqual([
    'fieldManager: Invalid value: "ö\\n": invalid character U+000A (at position 2)',
  ])
  expect(texts(validateFieldManager('a'.repeat(129), 'fieldManager'))).toEqual([
    'fieldManager: Too long: may not be more than 128 bytes',
  ])
})

test('managed fields are entries of an operation', () => {
  const bad = { operation: 'Replace', fieldsType: 'FieldsV2', manager: '\n', subresource: 'a'.repeat(257) }
  expect(texts(validateManagedFields([bad as object], 'managedFields'))).toEqual([
    'managedFields[0].operation: Unsupported value: "Replace": supported values: "Apply", "Update"',
    'managedFields[0].fieldsType: Invalid value: "FieldsV2": must be `FieldsV1`',
    'managedFields[0].manager: Invalid value: "\\n": invalid character U+000A (at position 0)',
    'managedFields[0].subresource: Too long: may not be more than 256 bytes',
  ])
})

test('an immutable field is compared by content, and empty is as good as absent', () => {
  expect(validateImmutableField({ a: 1, b: [2] }, { b: [2], a: 1 }, 'data')).toEqual([])
  expect(validateImmutableField({}, undefined, 'data')).toEqual([])
  expect(texts(validateImmutableField({ b: '1' }, { b: '2' }, 'data'))).toEqual([
    'data: Invalid value: {"b":"1"}: field is immutable',
  ])
})
