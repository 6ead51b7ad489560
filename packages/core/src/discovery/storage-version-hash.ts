import { createHash } from 'node:crypto'
import { parseGroupVersion } from '@k1s/apimachinery'
import type { ResourceDefinition } from '../resource-definition.ts'

/** By which clients notice that the stored version changed: `storageversionhash.go` of `k8s.io/apiserver`. */
export function storageVersionHash({ storageApiVersion, kind }: ResourceDefinition): string {
  const { group, version } = parseGroupVersion(storageApiVersion)
  const digest = createHash('sha256').update(`${group}/${version}/${kind}`).digest()
  return digest.subarray(0, 8).toString('base64')
}
