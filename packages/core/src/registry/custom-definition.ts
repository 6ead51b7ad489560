import { formatGroupVersion, newNotFound } from '@k1s/apimachinery'
import type { StorageInterface } from '@k1s/storage'
import { customAgeColumn, nameColumn } from '../builtin/printer-column.ts'
import type { CompactDefinition, CompactVersion } from '../crd/compact-definition.ts'
import type { ResourceDefinition, ResourceVersionDefinition } from '../resource-definition.ts'
import type { JSONSchemaProps } from '../schema/json-schema-props.ts'
import type { ResourceSchema } from '../schema/resource-schema.ts'
import { type DiscoveryEntry, definitionKey } from './discovery-index.ts'

/** The ResourceDefinition of a stored CustomResourceDefinition, made from its discovery entry. */
export function customDefinition(
  storage: StorageInterface,
  tenant: string,
  name: string,
  entry: DiscoveryEntry,
  compact: CompactDefinition,
): ResourceDefinition {
  const schemas = new Map<string, Promise<ResourceSchema>>()
  const schemaOf = (version: string) => {
    let schema = schemas.get(version)
    if (schema === undefined) {
      schema = loadSchema(storage, tenant, name, version)
      schemas.set(version, schema)
      // A failure is this request's, not every later one's.
      schema.catch(() => schemas.delete(version))
    }
    return schema
  }
  const { versions, storageVersion, preserveUnknownFields: _, ...names } = compact
  return {
    ...names,
    storageApiVersion: formatGroupVersion({ group: names.group, version: storageVersion }),
    origin: 'custom',
    terminating: entry.terminating === true,
    schemaRevision: entry.schemaRevision,
    strategy: { tracksGeneration: true },
    versions: versions.map((version) => versionDefinition(version, () => schemaOf(version.name))),
  }
}

function versionDefinition(
  version: CompactVersion,
  schema: () => Promise<ResourceSchema>,
): ResourceVersionDefinition {
  const { hasSchema, printerColumns, ...rest } = version
  return {
    ...rest,
    printerColumns: [nameColumn, ...(printerColumns.length === 0 ? [customAgeColumn] : printerColumns)],
    ...(hasSchema && { schema }),
  }
}

interface StoredDefinition {
  spec: {
    preserveUnknownFields?: boolean
    versions: { name: string; schema?: { openAPIV3Schema?: JSONSchemaProps } }[]
  }
}

async function loadSchema(
  storage: StorageInterface,
  tenant: string,
  name: string,
  versionName: string,
): Promise<ResourceSchema> {
  const [definition, { loadResourceSchema }] = await Promise.all([
    storage.get(definitionKey(tenant, name)),
    import('../schema/load-resource-schema.ts'),
  ])
  const { spec } = definition as unknown as StoredDefinition
  const version = spec.versions.find((candidate) => candidate.name === versionName)
  if (version === undefined) {
    throw newNotFound({ group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' }, name)
  }
  return loadResourceSchema(version.schema?.openAPIV3Schema ?? {}, {
    preserveUnknownFields: spec.preserveUnknownFields === true,
  })
}
