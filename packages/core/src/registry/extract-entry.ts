import type { Unstructured } from '@k1s/apimachinery'
import { crdDefinition } from '../crd/compact-definition.ts'
import type { CustomResourceDefinition } from '../crd/custom-resource-definition.ts'
import type { DiscoveryEntry } from './discovery-entry.ts'

/** Makes the discovery entry of a definition that was last written at `revision`. */
export function extractEntry(
  object: Unstructured,
  revision: number,
  previous?: DiscoveryEntry,
): DiscoveryEntry {
  const definition = object as unknown as CustomResourceDefinition
  const { metadata, status } = definition
  const generation = metadata.generation ?? 1
  const sameSchema = previous !== undefined && !previous.deleted && previous.generation === generation
  const established = status?.conditions?.some(
    (condition) => condition.type === 'Established' && condition.status === 'True',
  )
  return {
    apiVersion: 'internal.k1s.dev/v1',
    kind: 'DiscoveryEntry',
    metadata: { name: metadata.name! },
    revision,
    generation,
    schemaRevision: sameSchema ? previous.schemaRevision : revision,
    ...(metadata.deletionTimestamp !== undefined && { terminating: true }),
    ...(established && { definition: crdDefinition(definition) }),
  }
}
