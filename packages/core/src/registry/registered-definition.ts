import { formatGroupVersion, type KubernetesObject } from '@k1s/apimachinery'
import { ageColumn, nameColumn } from '../builtin/printer-column.ts'
import type { KindDefinition } from '../kind.ts'
import type { ResourceDefinition } from '../resource-definition.ts'
import type { ResourceSchema } from '../schema/resource-schema.ts'

/** The ResourceDefinition of a kind that an application declared with `defineKind`. */
export function registeredDefinition(kind: KindDefinition<KubernetesObject>): ResourceDefinition {
  const { group, version, schema, subresources } = kind
  let compiled: Promise<ResourceSchema> | undefined
  return {
    group,
    kind: kind.kind,
    listKind: kind.listKind ?? `${kind.kind}List`,
    plural: kind.plural,
    singular: kind.singular ?? kind.kind.toLowerCase(),
    shortNames: kind.shortNames ?? [],
    categories: kind.categories ?? [],
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    storageApiVersion: formatGroupVersion({ group, version }),
    origin: 'registered',
    strategy: { tracksGeneration: true, ...kind.strategy },
    versions: [
      {
        name: version,
        served: true,
        statusSubresource: subresources?.status === true,
        ...(subresources?.scale !== undefined && { scaleSubresource: subresources.scale }),
        printerColumns: [nameColumn, ...(kind.printerColumns ?? [ageColumn])],
        selectableFields: kind.selectableFields ?? [],
        ...(schema !== undefined && {
          schema: () => {
            compiled ??= import('../schema/compile-schema.ts').then((m) => m.compileSchema(schema))
            return compiled
          },
        }),
      },
    ],
  }
}
