import { type KubernetesObject, newBadRequest } from '@k1s/apimachinery'
import type { Versioner } from './interface.ts'

/** `storage.APIObjectVersioner` of `k8s.io/apiserver/pkg/storage/api_object_versioner.go`. */
export const apiObjectVersioner: Versioner = {
  updateObject(object: KubernetesObject, revision: number): void {
    object.metadata.resourceVersion = String(revision)
  },
  prepareObjectForStorage(object: KubernetesObject): void {
    delete object.metadata.resourceVersion
    delete object.metadata.selfLink
  },
  objectResourceVersion(object: KubernetesObject): number {
    return parseRevision(object.metadata.resourceVersion)
  },
  parseResourceVersion: parseRevision,
}

function parseRevision(resourceVersion: string | undefined): number {
  if (resourceVersion === undefined || resourceVersion === '' || resourceVersion === '0') return 0
  const revision = /^[0-9]{1,16}$/.test(resourceVersion) ? Number(resourceVersion) : Number.NaN
  if (!Number.isSafeInteger(revision)) {
    throw newBadRequest(
      `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(resourceVersion)}: must be a whole number`,
    )
  }
  return revision
}
