import { describe, expect, test } from 'vitest'
import type { ManagedFieldsEntry } from '../meta.ts'
import { fieldPath } from '../structured-merge/field-set.ts'
import { findFieldOwners, upgradeManagedFields } from './upgrade-managed-fields.ts'

function entry(
  manager: string,
  operation: 'Apply' | 'Update',
  fieldsV1: { [key: string]: unknown },
  more: ManagedFieldsEntry = {},
): ManagedFieldsEntry {
  return { manager, operation, apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1, ...more }
}

const a = { 'f:data': { 'f:a': {} } }
const b = { 'f:data': { 'f:b': {} } }
const both = { 'f:data': { 'f:a': {}, 'f:b': {} } }

describe('upgradeManagedFields', () => {
  const upgrade = (...entries: ManagedFieldsEntry[]) => upgradeManagedFields(entries, ['csa'], 'ssa')

  test('without entries to upgrade changes nothing', () => {
    const entries = [entry('ssa', 'Apply', a), entry('other', 'Update', b)]
    expect(upgradeManagedFields(entries, ['csa'], 'ssa')).toBe(entries)
  })

  test('turns the client-side entry into a server-side one, at its place', () => {
    const time = '2026-01-01T00:00:00Z'
    expect(upgrade(entry('x', 'Update', b), entry('csa', 'Update', a, { time }))).toEqual([
      entry('x', 'Update', b),
      entry('ssa', 'Apply', a, { time }),
    ])
  })

  test('unites both if there are two', () => {
    expect(upgrade(entry('csa', 'Update', a), entry('ssa', 'Apply', b))).toEqual([
      entry('ssa', 'Apply', both),
    ])
  })

  test('drops the fields of another version', () => {
    const old = entry('csa', 'Update', a, { apiVersion: 'v1beta1' })
    expect(upgrade(old, entry('ssa', 'Apply', b))).toEqual([entry('ssa', 'Apply', b)])
    expect(upgrade(entry('csa', 'Update', b), old)).toEqual([entry('ssa', 'Apply', b)])
  })

  test('upgrades several managers', () => {
    const entries = [entry('csa', 'Update', a), entry('csa2', 'Update', b)]
    expect(upgradeManagedFields(entries, ['csa', 'csa2'], 'ssa')).toEqual([entry('ssa', 'Apply', both)])
  })

  test('keeps the manager of a subresource and of applies by the same name', () => {
    const kept = [entry('csa', 'Update', a, { subresource: 'status' }), entry('csa', 'Apply', a)]
    expect(upgrade(...kept, entry('csa', 'Update', b))).toEqual([...kept, entry('ssa', 'Apply', b)])
  })

  test('refuses entries that cannot be read', () => {
    expect(() => upgrade(entry('csa', 'Update', { 'f:a': 5 }))).toThrow('fieldsV1')
  })
})

describe('findFieldOwners', () => {
  test('finds the entries of the operation that own the field itself', () => {
    const owner = entry('x', 'Update', both)
    const entries = [
      owner,
      entry('y', 'Apply', both),
      entry('z', 'Update', a),
      entry('broken', 'Update', { 'f:data': 5 }),
    ]
    expect(findFieldOwners(entries, 'Update', fieldPath('data', 'b'))).toEqual([owner])
    expect(findFieldOwners(entries, 'Update', fieldPath('data'))).toEqual([])
  })
})
