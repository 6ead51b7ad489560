import {
  type StorageCompanion,
  type StorageKey,
  type StoragePrefix,
  type StorageTransaction,
  storageKey,
  storagePrefix,
} from '@k1s/storage'
import type { ResourceQuota } from '../builtin/resource-quota.ts'
import { parseStorageKey } from '../lifecycle/stored-key.ts'
import { countedResource, isCounted } from './object-count.ts'
import { chargedNames, checkQuota, type QuotaRequest, usedAfter } from './quota-usage.ts'
import { hasScopes } from './scopes.ts'

const quotas = 'resourcequotas'

/**
 * Takes the place of a new object in the quotas of its namespace, in the transaction that creates it: what a quota
 * says is used is true whichever process ends when, and no two creations get the last place. Forbidden if one is full.
 */
export function chargeCreation(
  transaction: StorageTransaction,
  key: StorageKey,
  request: QuotaRequest,
  expires: boolean,
): void {
  // What expires gives no place back: how many are left is counted when somebody wants one.
  const present = expires ? () => transaction.count(siblingsOf(key)) : undefined
  changeUsage(transaction, key, 1, (quota, names, used) => checkQuota(quota, names, used, request), present)
}

/** As {@link chargeCreation}, for what the system makes whether there is room or not. */
export function countCreation(transaction: StorageTransaction, key: StorageKey): void {
  changeUsage(transaction, key, 1)
}

function siblingsOf(key: StorageKey): StoragePrefix {
  const { tenant, resource, namespace = '' } = parseStorageKey(key)
  return storagePrefix({ tenant, resource, namespace })
}

/** Gives the place of an object back, in the transaction that removes it. Undefined if no quota counts it. */
export function releaseUsage(key: StorageKey): StorageCompanion | undefined {
  const { namespace, resource } = parseStorageKey(key)
  if (namespace === undefined || !isCounted(resource)) return undefined
  return (transaction) => changeUsage(transaction, key, -1)
}

function changeUsage(
  transaction: StorageTransaction,
  key: StorageKey,
  change: 1 | -1,
  check?: (quota: ResourceQuota, names: readonly string[], used: { [name: string]: string }) => void,
  present?: () => number,
): void {
  if (transaction.stats(quotasBeside(key)).count === 0) return
  const { tenant, resource, namespace = '' } = parseStorageKey(key)
  for (const quota of transaction.list(storagePrefix({ tenant, resource: quotas, namespace }))) {
    const names = chargedNames(quota, resource)
    if (names.length === 0) continue
    const quotaKey = storageKey({ tenant, resource: quotas, namespace, name: quota.metadata.name! })
    // One that goes takes what it says along.
    if (quotaKey === key) continue
    const current = present === undefined ? quota : withUsed(quota, names, present())
    const used = usedAfter(current, names, change)
    check?.(current, names, used)
    transaction.update(quotaKey, { ...quota, status: { ...(quota.status as object), used } })
  }
}

function withUsed(quota: ResourceQuota, names: readonly string[], count: number): ResourceQuota {
  const counted = Object.fromEntries(names.map((name) => [name, String(count)]))
  return { ...quota, status: { ...quota.status, used: { ...quota.status?.used, ...counted } } }
}

/** All quotas of the tenant that a key is of, found without taking the key apart: every write asks. */
function quotasBeside(key: StorageKey): StoragePrefix {
  return `${key.slice(0, key.indexOf('/', 1))}/${quotas}/` as StoragePrefix
}

/**
 * Puts the limits of a quota that is being written into force and counts what is used, in the same transaction: what
 * the quota controller does some time later.
 */
export function measureUsage(transaction: StorageTransaction, key: StorageKey, quota: ResourceQuota): void {
  const { tenant, namespace = '' } = parseStorageKey(key)
  const hard = quota.spec?.hard ?? {}
  const isNew = transaction.get(key) === undefined
  const used: { [name: string]: string } = {}
  for (const name of Object.keys(hard)) {
    const resource = countedResource(name)
    if (resource === undefined || hasScopes(quota)) {
      used[name] = '0'
    } else if (isCounted(resource)) {
      const itself = resource === quotas && isNew ? 1 : 0
      used[name] = String(transaction.count(storagePrefix({ tenant, resource, namespace })) + itself)
    }
  }
  transaction.update(key, { ...quota, status: { hard, used } })
}
