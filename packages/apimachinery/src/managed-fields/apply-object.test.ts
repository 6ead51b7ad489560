import { describe, expect, test } from 'vitest'
import {
  atomicListOf,
  listMapOf,
  mapOf,
  numeric,
  objectType,
  setOf,
  struct,
  text,
} from '../../test/merge-types.ts'
import { copyJson } from '../json-value.ts'
import { lastAppliedConfigAnnotation } from '../last-applied.ts'
import type { Unstructured } from '../meta.ts'
import { isStatusError, type StatusError } from '../status-error.ts'
import { fieldPath, fieldSet } from '../structured-merge/field-set.ts'
import type { MergeType } from '../structured-merge/merge-type.ts'
import { applyObject } from './apply-object.ts'
import type { FieldManagerContext } from './field-manager-context.ts'
import { updateManagedFields } from './update-managed-fields.ts'

const port = struct({ name: text, port: numeric, protocol: text })
const type = objectType({
  spec: struct({
    replicas: numeric,
    image: text,
    args: atomicListOf(text),
    tags: setOf(text),
    ports: listMapOf(port, ['port', 'protocol'], { protocol: 'TCP' }),
    data: mapOf(text),
  }),
  status: struct({ phase: text }),
})

const context: FieldManagerContext = {
  apiVersion: 'v1',
  typeOf: (apiVersion) => (apiVersion === 'v1' ? type : undefined),
  convert: (object) => object,
  now: '2026-01-02T03:04:05Z',
}
const later = { ...context, now: '2026-02-02T03:04:05Z' }

type Fields = { [name: string]: unknown }

function configuration(spec: Fields | undefined, metadata: object = {}): Unstructured {
  return { apiVersion: 'v1', kind: 'Example', metadata: { name: 'x', ...metadata }, ...(spec && { spec }) }
}

function apply(
  live: Unstructured | undefined,
  manager: string,
  spec: Fields | undefined,
  { force = false, in: where = context }: { force?: boolean; in?: FieldManagerContext } = {},
): Unstructured | undefined {
  return applyObject(live, configuration(spec), manager, force, where)
}

function failure(run: () => unknown): StatusError {
  try {
    run()
  } catch (error) {
    if (isStatusError(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

const owners = (object: Unstructured | undefined) =>
  Object.fromEntries(
    (object?.metadata.managedFields ?? []).map(({ manager, operation, fieldsV1 }) => [
      `${manager} ${operation}`,
      fieldsV1,
    ]),
  )

describe('an apply', () => {
  test('creates an object, and its manager owns the leaves and items of the configuration', () => {
    const created = apply(undefined, 'a', { replicas: 1, data: { x: '1' }, ports: [{ port: 80 }] })
    expect(created).toEqual({
      apiVersion: 'v1',
      kind: 'Example',
      metadata: {
        name: 'x',
        managedFields: [
          {
            manager: 'a',
            operation: 'Apply',
            apiVersion: 'v1',
            time: context.now,
            fieldsType: 'FieldsV1',
            fieldsV1: {
              'f:spec': {
                'f:data': { 'f:x': {} },
                'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {} } },
                'f:replicas': {},
              },
            },
          },
        ],
      },
      spec: { replicas: 1, data: { x: '1' }, ports: [{ port: 80 }] },
    })
  })

  test('of the same configuration changes nothing', () => {
    const live = apply(undefined, 'a', { replicas: 1, ports: [{ port: 80 }], tags: ['x'] })
    expect(
      apply(copyJson(live), 'a', { replicas: 1, ports: [{ port: 80 }], tags: ['x'] }, { in: later }),
    ).toBe(undefined)
  })

  test('does not change its arguments', () => {
    const live = apply(undefined, 'a', { replicas: 1, data: { x: '1', y: '2' }, tags: ['a', 'b'] })!
    const before = copyJson(live)
    apply(live, 'a', { data: { x: '3' }, tags: ['b', 'c'] })
    expect(live).toEqual(before)
  })

  test('removes what its manager applied before, and nothing that others own', () => {
    const first = apply(undefined, 'a', { replicas: 1, image: 'i', tags: ['x', 'y'], data: { k: '1' } })
    const second = apply(first, 'b', { image: 'i', tags: ['y'] })
    const third = apply(second, 'a', { replicas: 2 }, { in: later })
    expect(third?.spec).toEqual({ replicas: 2, image: 'i', tags: ['y'] })
    expect(owners(third)).toEqual({
      'a Apply': { 'f:spec': { 'f:replicas': {} } },
      'b Apply': { 'f:spec': { 'f:image': {}, 'f:tags': { 'v:"y"': {} } } },
    })
  })

  test('takes away a list or map that lost all its items', () => {
    const first = apply(undefined, 'a', { replicas: 1, tags: ['x'], ports: [{ port: 1 }], data: { k: '1' } })
    expect(apply(first, 'a', { replicas: 1 })?.spec).toEqual({ replicas: 1 })
    expect(apply(first, 'a', undefined)).not.toHaveProperty('spec')
  })

  test('keeps what an update added', () => {
    const live = apply(undefined, 'a', { replicas: 1, tags: ['x'] })!
    const changed = copyJson(live)
    changed.spec = { replicas: 1, tags: ['x', 'y'], image: 'i' }
    updateManagedFields(live, changed, 'b', context)
    expect(apply(changed, 'a', {})?.spec).toEqual({ tags: ['y'], image: 'i' })
  })

  test('that owns the same value as another shares it', () => {
    const live = apply(undefined, 'a', { replicas: 1 })
    const shared = apply(live, 'b', { replicas: 1 })
    expect(shared?.spec).toEqual({ replicas: 1 })
    expect(Object.keys(owners(shared))).toEqual(['b Apply', 'a Apply'])
  })

  test('of another kind or version, or with managed fields, is a bad request', () => {
    const live = apply(undefined, 'a', {})!
    const other = { ...configuration({}), kind: 'Other' }
    expect(failure(() => applyObject(live, other, 'a', false, context)).status).toMatchObject({
      code: 400,
      message: 'invalid object type: /v1, Kind=Other',
    })
    const managed = configuration({}, { managedFields: [] })
    expect(failure(() => applyObject(live, managed, 'a', false, context)).message).toBe(
      'metadata.managedFields must be nil',
    )
  })

  test('that does not fit the type fails with the path and the reason', () => {
    const message = (spec: Fields) => failure(() => apply(undefined, 'a', spec)).message
    const start = 'failed to create typed patch object (/x; /v1, Kind=Example): '
    expect(message({ foo: 1 })).toBe(`${start}.spec.foo: field not declared in schema`)
    expect(message({ replicas: 'x' })).toBe(
      `${start}.spec.replicas: expected numeric (int or float), got string`,
    )
    expect(message({ image: 3 })).toBe(
      `${start}.spec.image: expected string, got &value.valueUnstructured{Value:3}`,
    )
    expect(message({ data: 'x' })).toBe(`${start}.spec.data: expected map, got &{x}`)
    expect(message({ tags: { a: 'b' } })).toBe(`${start}.spec.tags: expected list, got &{map[a:b]}`)
    expect(message({ tags: ['a', 'a'] })).toBe(`${start}.spec.tags: duplicate entries for key [="a"]`)
    expect(message({ ports: [{ port: 1 }, { port: 1, name: 'n', protocol: 'TCP' }] })).toBe(
      `${start}.spec.ports: duplicate entries for key [port=1,protocol="TCP"]`,
    )
    expect(message({ image: 3, ports: [null] })).toBe(
      `${start}errors:\n  .spec.image: expected string, got &value.valueUnstructured{Value:3}\n` +
        '  .spec.ports: element 0: associative list with keys may not have a null element',
    )
  })
})

describe('a conflict', () => {
  const live = apply(undefined, 'other', { replicas: 1, ports: [{ port: 80, name: 'a' }] })!

  test('over one field names the manager and the field', () => {
    const error = failure(() => apply(live, 'me', { replicas: 2 }))
    expect(error.status).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "other": .spec.replicas',
      details: {
        causes: [
          { reason: 'FieldManagerConflict', message: 'conflict with "other"', field: '.spec.replicas' },
        ],
      },
    })
  })

  test('over several lists them by manager, with the version of those that update', () => {
    const changed = copyJson(live)
    changed.spec = { replicas: 2, ports: [{ port: 80, name: 'a' }] }
    updateManagedFields(live, changed, 'scaler', { ...context, subresource: 'scale' })
    const error = failure(() => apply(changed, 'me', { replicas: 3, ports: [{ port: 80, name: 'b' }] }))
    expect(error.message).toBe(
      [
        'Apply failed with 2 conflicts: conflicts with "other":',
        '- .spec.ports[port=80,protocol="TCP"].name',
        'conflicts with "scaler" with subresource "scale" using v1:',
        '- .spec.replicas',
      ].join('\n'),
    )
  })

  test('goes away by force, and the field changes hands', () => {
    const forced = apply(live, 'me', { replicas: 2 }, { force: true })
    expect(forced?.spec).toMatchObject({ replicas: 2 })
    expect(owners(forced)['other Apply']).not.toHaveProperty(['f:spec', 'f:replicas'])
    expect(owners(forced)['me Apply']).toEqual({ 'f:spec': { 'f:replicas': {} } })
  })

  test('does not arise over fields that the resource resets', () => {
    const withStatus = { ...configuration({ replicas: 1 }), status: { phase: 'b' } }
    const status = fieldSet(fieldPath('status'))
    const reset = { ...context, resetFields: () => status }
    const before = { ...live, status: { phase: 'a' } }
    const result = applyObject(before, withStatus, 'me', false, reset)
    expect(owners(result)['me Apply']).toEqual({ 'f:spec': { 'f:replicas': {} } })
  })
})

describe('an object that nobody tracked', () => {
  test('belongs to before-first-apply when it is first applied to', () => {
    const live = { ...configuration({ replicas: 1, image: 'i' }), metadata: { name: 'x', uid: 'u' } }
    const applied = apply(live, 'a', { replicas: 1 })
    expect(owners(applied)).toEqual({
      'a Apply': { 'f:spec': { 'f:replicas': {} } },
      'before-first-apply Update': { 'f:spec': { '.': {}, 'f:image': {}, 'f:replicas': {} } },
    })
    expect(failure(() => apply(live, 'a', { replicas: 2 })).message).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .spec.replicas',
    )
  })
})

describe('migration from client-side apply', () => {
  const clientSide = (spec: Fields, lastApplied: Fields): Unstructured => {
    const text = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Example',
      metadata: { name: 'x' },
      spec: lastApplied,
    })
    const live = configuration(spec, { annotations: { [lastAppliedConfigAnnotation]: text } })
    updateManagedFields(undefined, live, 'kubectl-client-side-apply', context)
    live.metadata.uid = 'u'
    return live
  }

  test('by kubectl overrides what was applied from the client, and keeps the annotation up to date', () => {
    const live = clientSide({ replicas: 1, image: 'i' }, { replicas: 1, image: 'i' })
    const applied = apply(live, 'kubectl', { replicas: 2 })
    expect(applied?.spec).toEqual({ replicas: 2, image: 'i' })
    expect(applied?.metadata.annotations?.[lastAppliedConfigAnnotation]).toBe(
      '{"apiVersion":"v1","kind":"Example","metadata":{"name":"x"},"spec":{"replicas":2}}\n',
    )
  })

  test('does not override what has changed since', () => {
    const live = clientSide({ replicas: 5, image: 'i' }, { replicas: 1, image: 'i' })
    expect(failure(() => apply(live, 'kubectl', { replicas: 2, image: 'j' })).message).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .spec.replicas',
    )
  })

  test('is for kubectl only', () => {
    const live = clientSide({ replicas: 1 }, { replicas: 1 })
    expect(() => apply(live, 'other', { replicas: 2 })).toThrow('conflict with "kubectl-client-side-apply"')
    const same = apply(live, 'other', { replicas: 1 })
    expect(same?.metadata.annotations).toEqual(live.metadata.annotations)
  })
})

describe('versions', () => {
  const v2 = objectType({ config: struct({ replicas: numeric, image: text, tags: setOf(text) }) })
  const types: { [version: string]: MergeType } = { v1: type, v2 }
  const convert = ({ spec, config, ...rest }: Unstructured, apiVersion: string): Unstructured => {
    const fields = spec ?? config
    if (fields === undefined) return { ...rest, apiVersion }
    return { ...rest, apiVersion, [apiVersion === 'v1' ? 'spec' : 'config']: fields }
  }
  const inVersion = (apiVersion: string): FieldManagerContext => ({
    ...context,
    apiVersion,
    convert,
    typeOf: (wanted) => types[wanted],
  })
  const applyV2 = (live: Unstructured | undefined, manager: string, config: Fields, force = false) => {
    const { spec: _, ...rest } = configuration(undefined)
    return applyObject(live, { ...rest, apiVersion: 'v2', config }, manager, force, inVersion('v2'))
  }

  test('conflicts are found across them, with the path in the version of the owner', () => {
    const live = applyV2(undefined, 'a', { replicas: 1 })!
    const error = failure(() => apply(live, 'b', { replicas: 2 }, { in: inVersion('v1') }))
    expect(error.message).toBe('Apply failed with 1 conflict: conflict with "a": .config.replicas')
  })

  test('what was applied in another one is removed', () => {
    const live = applyV2(undefined, 'a', { replicas: 1, image: 'i', tags: ['x'] })!
    const applied = apply(live, 'a', { replicas: 1 }, { in: inVersion('v1') })
    expect(applied?.spec).toEqual({ replicas: 1 })
    expect(applied?.metadata.managedFields).toHaveLength(1)
    expect(applied?.metadata.managedFields?.[0]?.apiVersion).toBe('v1')
  })

  test('what was applied in one that is gone stays, and nobody owns it', () => {
    const live = apply(undefined, 'a', { replicas: 1, image: 'i' })!
    live.metadata.managedFields![0]!.apiVersion = 'v0'
    const applied = apply(live, 'a', { image: 'j' })
    expect(applied?.spec).toEqual({ replicas: 1, image: 'j' })
    expect(owners(applied)).toEqual({ 'a Apply': { 'f:spec': { 'f:image': {} } } })
  })
})
