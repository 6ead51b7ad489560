import { randomUUID } from 'node:crypto'
import { isAlreadyExists } from '@k1s/apimachinery'
import type { StorageInterface } from '@k1s/storage'
import { namespaceStrategy } from '../builtin/namespace-strategy.ts'
import { timestamp } from '../registry-store/time.ts'
import { createDefaultServiceAccount, namespaceKey } from './namespace.ts'

/** What a cluster starts with. Two processes may do so at once. */
export async function createInitialNamespaces(storage: StorageInterface, tenant: string): Promise<void> {
  for (const name of ['default', 'kube-system']) {
    const namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, uid: randomUUID(), creationTimestamp: timestamp(storage.clock) },
    }
    namespaceStrategy.applyDefaults?.(namespace)
    namespaceStrategy.prepareForCreate?.(namespace)
    try {
      await storage.create(namespaceKey(tenant, name), namespace)
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
    }
    await createDefaultServiceAccount(storage, tenant, namespace)
  }
}
