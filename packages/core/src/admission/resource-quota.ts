import { type StorageInterface, storagePrefix } from '@k1s/storage'
import type { ResourceQuota } from '../builtin/resource-quota.ts'
import { isCounted } from '../quota/object-count.ts'
import { chargedNames, checkQuota, usedAfter } from '../quota/quota-usage.ts'
import { storageResource } from '../resource-path.ts'
import type { AdmissionAttributes, AdmissionPlugin } from './admission.ts'

/**
 * `k8s.io/apiserver/pkg/admission/plugin/resourcequota` for what is not stored: a dry run is refused as the write would
 * be. Of a write, the quotas are checked in the transaction that stores it (`chargeCreation`), where the count is true.
 */
export function resourceQuotaPlugin(storage: StorageInterface): AdmissionPlugin {
  return {
    name: 'ResourceQuota',
    validate(attributes) {
      const { dryRun, operation, subresource, definition } = attributes
      const isCreation = operation === 'CREATE' && subresource === undefined
      if (!dryRun || !isCreation || definition.scope === 'Cluster') return undefined
      return isCounted(storageResource(definition)) ? checkQuotas(storage, attributes) : undefined
    },
  }
}

async function checkQuotas(storage: StorageInterface, attributes: AdmissionAttributes): Promise<void> {
  const { tenant, namespace = '', group, resource, definition, object } = attributes
  const name = attributes.name || (object?.metadata.name ?? '')
  const prefix = storagePrefix({ tenant, resource: 'resourcequotas', namespace })
  for (const quota of (await storage.getList<ResourceQuota>(prefix)).items) {
    const names = chargedNames(quota, storageResource(definition))
    checkQuota(quota, names, usedAfter(quota, names, 1), { group, resource, name })
  }
}
