import type { ResourceScope, ScaleSubresource } from '../resource-definition.ts'
import type { TableColumnDefinition } from '../table/table.ts'
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
} from './custom-resource-definition.ts'

/**
 * What discovery and the resolution of names need of a CustomResourceDefinition, as plain JSON of a few hundred
 * bytes: all but the schemas, which can have hundreds of kilobytes.
 */
export interface CompactDefinition {
  readonly group: string
  readonly kind: string
  readonly listKind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly scope: ResourceScope
  /** In the order of the definition. */
  readonly versions: readonly CompactVersion[]
  readonly storageVersion: string
  readonly preserveUnknownFields: boolean
}

export interface CompactVersion {
  readonly name: string
  readonly served: boolean
  /** Of a deprecated version: what to say with each request to it. */
  readonly deprecationWarning?: string
  readonly statusSubresource: boolean
  readonly scaleSubresource?: ScaleSubresource
  /** `value` is the JSON path, `.spec.color`. The `Age` column that every table starts from is not among them. */
  readonly printerColumns: readonly (TableColumnDefinition & { readonly value: string })[]
  /** JSON paths, `.spec.color`. */
  readonly selectableFields: readonly string[]
  readonly hasSchema: boolean
}

/** The extract of a valid, defaulted definition. Accepted names count where the status has them. */
export function crdDefinition(crd: CustomResourceDefinition): CompactDefinition {
  const { spec } = crd
  const accepted = crd.status?.acceptedNames
  const names = accepted?.plural ? accepted : spec.names
  return {
    group: spec.group,
    kind: names.kind,
    listKind: names.listKind ?? `${names.kind}List`,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    scope: spec.scope,
    versions: spec.versions.map((version) => compactVersion(version, spec.group, names.kind)),
    storageVersion: spec.versions.find((version) => version.storage)?.name ?? '',
    preserveUnknownFields: spec.preserveUnknownFields === true,
  }
}

function compactVersion(
  version: CustomResourceDefinitionVersion,
  group: string,
  kind: string,
): CompactVersion {
  const schema = version.schema?.openAPIV3Schema
  const scale = version.subresources?.scale
  const warning = version.deprecationWarning ?? `${group}/${version.name} ${kind} is deprecated`
  return {
    name: version.name,
    served: version.served === true,
    ...(version.deprecated === true && { deprecationWarning: warning }),
    statusSubresource: version.subresources?.status !== undefined,
    ...(scale !== undefined && { scaleSubresource: scale }),
    printerColumns: (version.additionalPrinterColumns ?? []).map((column) => ({
      name: column.name,
      type: column.type,
      format: column.format ?? '',
      description: column.description ?? '',
      priority: column.priority ?? 0,
      value: column.jsonPath,
    })),
    selectableFields: (version.selectableFields ?? []).map((field) => field.jsonPath),
    hasSchema: schema !== undefined,
  }
}
