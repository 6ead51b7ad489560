import { describe, expect, test } from 'vitest'
import { atomicListOf, listMapOf, mapOf, numeric, objectType, struct, text } from '../../test/merge-types.ts'
import { copyJson } from '../json-value.ts'
import type { ManagedFieldsEntry, Unstructured } from '../meta.ts'
import { fieldPath, fieldSet } from '../structured-merge/field-set.ts'
import type { FieldManagerContext } from './field-manager-context.ts'
import { updateManagedFields } from './update-managed-fields.ts'

const port = struct({ name: text, port: numeric, protocol: text })
const type = objectType({
  spec: struct({
    replicas: numeric,
    image: text,
    args: atomicListOf(text),
    ports: listMapOf(port, ['port', 'protocol'], { protocol: 'TCP' }),
    selector: mapOf(text, 'atomic'),
  }),
  status: struct({ phase: text }),
})

const context: FieldManagerContext = {
  apiVersion: 'example.com/v1',
  typeOf: (apiVersion) => (apiVersion === 'example.com/v1' ? type : undefined),
  convert: (object) => object,
  now: '2026-01-02T03:04:05Z',
}
const later = { ...context, now: '2026-02-02T03:04:05Z' }

function object(fields: { [name: string]: unknown }, metadata: object = {}): Unstructured {
  return { apiVersion: 'example.com/v1', kind: 'Example', metadata: { name: 'x', ...metadata }, ...fields }
}

function created(fields: { [name: string]: unknown }, metadata: object = {}): Unstructured {
  const live = object(fields, metadata)
  updateManagedFields(undefined, live, 'creator', context)
  live.metadata.uid = 'uid'
  return live
}

function updated(
  live: Unstructured,
  change: (copy: Unstructured) => void,
  manager = 'creator',
  updateContext = later,
): readonly ManagedFieldsEntry[] | undefined {
  const copy = copyJson(live)
  change(copy)
  updateManagedFields(live, copy, manager, updateContext)
  return copy.metadata.managedFields
}

const spec = (copy: Unstructured) => copy.spec as { [name: string]: unknown }

describe('a create', () => {
  test('makes its manager the owner of all fields and containers it sets, in canonical order', () => {
    const live = created(
      {
        spec: {
          replicas: 3,
          args: ['b', 'a'],
          selector: { app: 'web' },
          ports: [{ port: 8080 }, { port: 80, protocol: 'UDP', name: 'x' }],
        },
      },
      { labels: { b: '1', a: '2' }, finalizers: ['z', 'y'], generation: 1 },
    )
    expect(JSON.stringify(live.metadata.managedFields)).toBe(
      JSON.stringify([
        {
          manager: 'creator',
          operation: 'Update',
          apiVersion: 'example.com/v1',
          time: '2026-01-02T03:04:05Z',
          fieldsType: 'FieldsV1',
          fieldsV1: {
            'f:metadata': {
              'f:finalizers': { '.': {}, 'v:"y"': {}, 'v:"z"': {} },
              'f:labels': { '.': {}, 'f:a': {}, 'f:b': {} },
            },
            'f:spec': {
              '.': {},
              'f:args': {},
              'f:ports': {
                '.': {},
                'k:{"port":80,"protocol":"UDP"}': { '.': {}, 'f:name': {}, 'f:port': {}, 'f:protocol': {} },
                'k:{"port":8080,"protocol":"TCP"}': { '.': {}, 'f:port': {} },
              },
              'f:replicas': {},
              'f:selector': {},
            },
          },
        },
      ]),
    )
  })

  test('gives the same fields when objects of other shapes came before', () => {
    const first = created({ spec: { image: 'a', replicas: 1 } })
    created({ spec: { image: 'a' }, status: { phase: 'x' } })
    created({ spec: { replicas: 1, image: 'a', args: [] } })
    expect(created({ spec: { image: 'b', replicas: 2 } }).metadata.managedFields).toEqual(
      first.metadata.managedFields,
    )
  })

  test('of nothing that can be owned has no managed fields', () => {
    expect(created({}).metadata).not.toHaveProperty('managedFields')
  })

  test('names a manager that has no name unknown', () => {
    const live = object({ spec: { replicas: 1 } })
    updateManagedFields(undefined, live, '', context)
    expect(live.metadata.managedFields?.[0]?.manager).toBe('unknown')
  })

  test('leaves out what the resource resets', () => {
    const live = object({ spec: { replicas: 1 }, status: { phase: 'x' } })
    const status = fieldSet(fieldPath('status'))
    updateManagedFields(undefined, live, 'm', { ...context, resetFields: () => status })
    expect(live.metadata.managedFields?.[0]?.fieldsV1).toEqual({ 'f:spec': { '.': {}, 'f:replicas': {} } })
  })

  test('does not own what a kind has before anything is set', () => {
    const live = object({ spec: { replicas: 1, ports: [{ port: 1 }], image: '' } })
    const emptyObject = () => object({ spec: { ports: null, image: '' } })
    updateManagedFields(undefined, live, 'm', { ...context, emptyObject })
    expect(live.metadata.managedFields?.[0]?.fieldsV1).toEqual({
      'f:spec': {
        'f:ports': { 'k:{"port":1,"protocol":"TCP"}': { '.': {}, 'f:port': {} } },
        'f:replicas': {},
      },
    })
  })

  test('of an object with list items that cannot be identified tracks nothing', () => {
    expect(created({ spec: { ports: [{ port: 1 }, null] } }).metadata.managedFields).toBeUndefined()
  })
})

describe('an update', () => {
  test('moves what it changes to its manager', () => {
    const live = created({ spec: { replicas: 1, image: 'a' } })
    const entries = updated(live, (copy) => (spec(copy).replicas = 2), 'scaler')
    expect(entries?.map(({ manager, time, fieldsV1 }) => ({ manager, time, fieldsV1 }))).toEqual([
      { manager: 'creator', time: context.now, fieldsV1: { 'f:spec': { '.': {}, 'f:image': {} } } },
      { manager: 'scaler', time: later.now, fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
    ])
  })

  test('of fields that its manager has already gives the entry a new time', () => {
    const live = created({ spec: { replicas: 1 } })
    const entries = updated(live, (copy) => (spec(copy).replicas = 2))
    expect(entries).toEqual([{ ...live.metadata.managedFields?.[0], time: later.now }])
  })

  test('that changes nothing keeps the entries as they are', () => {
    const live = created({ spec: { replicas: 1 } })
    expect(updated(live, () => {})).toEqual(live.metadata.managedFields)
  })

  test('that removes fields takes them from everybody, and an entry with nothing left goes', () => {
    const live = created({ spec: { replicas: 1, image: 'a' } })
    expect(updated(live, (copy) => delete spec(copy).image, 'other')?.[0]?.fieldsV1).toEqual({
      'f:spec': { '.': {}, 'f:replicas': {} },
    })
    expect(updated(live, (copy) => delete copy.spec, 'other')).toBeUndefined()
  })

  test('by way of a subresource has an entry of its own', () => {
    const live = created({ spec: { replicas: 1 } })
    const entries = updated(live, (copy) => (copy.status = { phase: 'x' }), 'creator', {
      ...later,
      subresource: 'status',
    })
    expect(entries).toHaveLength(2)
    expect(entries?.[1]).toMatchObject({ manager: 'creator', subresource: 'status' })
  })

  test('of an object that is not tracked does not begin to', () => {
    const live = object({ spec: { replicas: 1 } }, { uid: 'uid' })
    expect(updated(live, (copy) => (spec(copy).replicas = 2))).toBeUndefined()
  })

  test('with no managed fields or an empty entry takes them away', () => {
    const live = created({ spec: { replicas: 1 } })
    expect(updated(live, (copy) => (copy.metadata.managedFields = []))).toBeUndefined()
    expect(updated(live, (copy) => (copy.metadata.managedFields = [{}]))).toBeUndefined()
  })

  test('without managed fields, or with some that cannot be read, keeps those that are stored', () => {
    const live = created({ spec: { replicas: 1 } })
    const { managedFields } = live.metadata
    expect(updated(live, (copy) => delete copy.metadata.managedFields)).toEqual(managedFields)
    for (const bad of [
      { operation: 'Replace' },
      { apiVersion: '' },
      { fieldsType: 'FieldsV2' },
      { fieldsV1: { x: {} } },
      { fieldsV1: { 'k:{': {} } },
      { fieldsV1: { 'f:a': 1 } },
    ]) {
      const broken = [{ ...managedFields![0], ...bad } as ManagedFieldsEntry]
      expect(updated(live, (copy) => (copy.metadata.managedFields = broken))).toEqual(managedFields)
    }
  })

  test('can change managed fields by hand, but not by way of a subresource', () => {
    const live = created({ spec: { replicas: 1, image: 'a' } })
    const mine = [{ ...live.metadata.managedFields![0]!, manager: 'hand', fieldsV1: { 'f:spec': {} } }]
    const edit = (copy: Unstructured) => (copy.metadata.managedFields = mine)
    expect(updated(live, edit)).toEqual(mine)
    expect(updated(live, edit, 'creator', { ...later, subresource: 'status' })).toEqual(
      live.metadata.managedFields,
    )
  })

  test('drops the entries of versions that do not exist any more', () => {
    const live = created({ spec: { replicas: 1 } })
    live.metadata.managedFields!.push({ ...live.metadata.managedFields![0], apiVersion: 'example.com/v0' })
    expect(updated(live, () => {})).toHaveLength(1)
  })

  test('puts the oldest of more than ten updating managers together', () => {
    let live = created({ spec: {} }, { labels: { l0: '' } })
    for (let index = 1; index <= 11; index++) {
      const next = copyJson(live)
      next.metadata.labels![`l${index}`] = ''
      const now = `2026-03-${String(index).padStart(2, '0')}T00:00:00Z`
      updateManagedFields(live, next, `m${index}`, { ...context, now })
      live = next
    }
    const entries = live.metadata.managedFields!
    expect(entries).toHaveLength(10)
    expect(entries[0]).toMatchObject({ manager: 'ancient-changes', time: '2026-03-02T00:00:00Z' })
    expect(Object.keys(entries[0]!.fieldsV1!['f:metadata'] as object)).toEqual(['f:labels'])
  })
})
