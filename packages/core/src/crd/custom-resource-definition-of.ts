import type { KubernetesObject } from '@k1s/apimachinery'
import { cloneJson } from '../clone-json.ts'
import type { KindDefinition, KindPrinterColumn } from '../kind.ts'
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
} from './custom-resource-definition.ts'

/**
 * The CustomResourceDefinition of a kind, for `client.create`, for a server, or to be printed. Where it is in the store, programs
 * that do not register the kind know it too. What only code can say is left out: the strategy, and printer columns whose
 * value is a function; without any column, the age is shown. It is not validated here, but where it is written: names,
 * say, or selectable fields, which need a schema there.
 */
export function customResourceDefinitionOf(kind: KindDefinition<KubernetesObject>): CustomResourceDefinition {
  const { group, plural, singular, shortNames, listKind, categories } = kind
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: {
        plural,
        ...(singular !== undefined && { singular }),
        ...(shortNames !== undefined && { shortNames: [...shortNames] }),
        kind: kind.kind,
        ...(listKind !== undefined && { listKind }),
        ...(categories !== undefined && { categories: [...categories] }),
      },
      scope: kind.namespaced ? 'Namespaced' : 'Cluster',
      versions: [versionOf(kind)],
    },
  }
}

/** A registered kind without a schema keeps every field; one of a CustomResourceDefinition has to say so. */
const keepsAllFields = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

function versionOf(kind: KindDefinition<KubernetesObject>): CustomResourceDefinitionVersion {
  const { version, schema = keepsAllFields, subresources = {}, printerColumns, selectableFields } = kind
  const { status, scale } = subresources
  return {
    name: version,
    served: true,
    storage: true,
    schema: { openAPIV3Schema: cloneJson(schema) },
    ...((status || scale) && {
      subresources: { ...(status && { status: {} }), ...(scale && { scale: { ...scale } }) },
    }),
    ...(printerColumns && { additionalPrinterColumns: printerColumns.flatMap(columnOf) }),
    ...(selectableFields && { selectableFields: selectableFields.map((jsonPath) => ({ jsonPath })) }),
  }
}

function columnOf(column: KindPrinterColumn): CustomResourceColumnDefinition[] {
  const { name, type, format, description, priority, value: jsonPath } = column
  if (typeof jsonPath !== 'string') return []
  return [
    {
      name,
      type,
      ...(format && { format }),
      ...(description && { description }),
      ...(priority && { priority }),
      jsonPath,
    },
  ]
}
