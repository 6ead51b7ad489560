import { type StorageInterface, storagePrefix } from '@k1s/storage'
import type { ResourceQuota } from '../builtin/resource-quota.ts'
import { isCounted } from '../quota/object-count.ts'
import { chargedNames, checkQuota, usedAfter } from '../quota/quota-usage.ts'
import { storageResource } from '../resource-path.ts'
import type { AdmissionAttributes } from './admission.ts'

/**
 * Refuses the dry run of a creation as the creation would be: `k8s.io/apiserver/pkg/admission/plugin/resourcequota`.
 * The quotas of what is stored are checked in the transaction that stores it, where the count is true: `chargeCreation`.
 */
export async function checkDryRun(storage: StorageInterface, attributes: AdmissionAttributes): Promise<void> {
  const { tenant, namespace = '', group, resource, subresource, operation, definition, object } = attributes
  const isCreation = operation === 'CREATE' && subresource === undefined
  if (!isCreation || definition.scope === 'Cluster' || !isCounted(storageResource(definition))) return
  const name = attributes.name || (object?.metadata.name ?? '')
  const prefix = storagePrefix({ tenant, resource: 'resourcequotas', namespace })
  for (const quota of (await storage.getList<ResourceQuota>(prefix)).items) {
    const names = chargedNames(quota, storageResource(definition))
    checkQuota(quota, names, usedAfter(quota, names, 1), { group, resource, name })
  }
}
