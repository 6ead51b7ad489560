import { formatGroupVersion, type KubernetesObject } from '@k1s/apimachinery'
import { customAgeColumn, nameColumn } from '../builtin/printer-column.ts'
import type { KindDefinition, KindPrinterColumn } from '../kind.ts'
import type { PrinterColumn, ResourceDefinition } from '../resource-definition.ts'
import type { ResourceSchema } from '../schema/resource-schema.ts'
import { validateKind } from './validate-kind.ts'

/** The ResourceDefinition of a kind that an application declared with `defineKind`. Errors are those of `validateKind`. */
export function registeredDefinition(kind: KindDefinition<KubernetesObject>): ResourceDefinition {
  validateKind(kind)
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
        printerColumns: [nameColumn, ...(kind.printerColumns?.map(printerColumn) ?? [customAgeColumn])],
        selectableFields: kind.selectableFields ?? [],
        ...(schema !== undefined && {
          schema: () => {
            compiled ??= import('./compile-kind.ts').then((m) => m.compileKind(kind, schema))
            return compiled
          },
        }),
      },
    ],
  }
}

function printerColumn(column: KindPrinterColumn): PrinterColumn {
  return { format: '', description: '', priority: 0, ...column }
}
