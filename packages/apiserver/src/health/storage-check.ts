import type { StorageInterface } from '@k1s/storage'
import type { HealthCheck } from './health-check.ts'

/** That the store can be read, as Kubernetes' check `etcd`. */
export function storageCheck(storage: StorageInterface): HealthCheck {
  return {
    name: 'storage',
    async check() {
      await storage.currentRevision()
    },
  }
}
