import { compareKubeAwareVersions, type Unstructured } from '@k1s/apimachinery'
import { type CompactDefinition, crdDefinition } from '../crd/compact-definition.ts'
import type { CustomResourceDefinition } from '../crd/custom-resource-definition.ts'
import { discoveredResource } from './discovered-resource.ts'
import type { DiscoveryEntry } from './discovery-index.ts'

/** Makes the discovery entry of a stored definition. */
export function extractEntry(object: Unstructured, previous?: DiscoveryEntry): DiscoveryEntry {
  const definition = object as unknown as CustomResourceDefinition
  const { metadata, status } = definition
  const revision = Number(metadata.resourceVersion)
  const generation = metadata.generation ?? 1
  const established = status?.conditions?.some(
    (condition) => condition.type === 'Established' && condition.status === 'True',
  )
  return {
    revision,
    generation,
    schemaRevision: previous?.generation === generation ? previous.schemaRevision : revision,
    ...(metadata.deletionTimestamp !== undefined && { terminating: true }),
    ...(established && describe(inOrderOfPreference(crdDefinition(definition)))),
  }
}

function inOrderOfPreference(compact: CompactDefinition): CompactDefinition {
  const versions = [...compact.versions].sort((a, b) => compareKubeAwareVersions(b.name, a.name))
  return { ...compact, versions }
}

function describe(compact: CompactDefinition): Pick<DiscoveryEntry, 'resource' | 'definition'> {
  return { resource: discoveredResource(compact), definition: JSON.stringify(compact) }
}
