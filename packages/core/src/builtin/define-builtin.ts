import { formatGroupVersion } from '@k1s/apimachinery'
import type { Verb } from '../request.ts'
import type {
  PrinterColumn,
  ResourceDefinition,
  ResourceScope,
  ResourceStrategy,
} from '../resource-definition.ts'
import type { GoStruct } from '../schema/go-type.ts'

interface BuiltinOptions {
  group: string
  kind: string
  plural: string
  shortNames?: readonly string[]
  categories?: readonly string[]
  scope: ResourceScope
  statusSubresource?: boolean
  finalizeSubresource?: boolean
  unsupportedVerbs?: readonly Verb[]
  printerColumns: readonly PrinterColumn[]
  strategy: ResourceStrategy
  struct: () => Promise<GoStruct>
}

/** A built-in resource of version v1. */
export function defineBuiltin(options: BuiltinOptions): ResourceDefinition {
  return {
    group: options.group,
    kind: options.kind,
    listKind: `${options.kind}List`,
    plural: options.plural,
    singular: options.kind.toLowerCase(),
    shortNames: options.shortNames ?? [],
    categories: options.categories ?? [],
    scope: options.scope,
    storageApiVersion: formatGroupVersion({ group: options.group, version: 'v1' }),
    origin: 'builtin',
    unsupportedVerbs: options.unsupportedVerbs ?? [],
    strategy: { allowUnconditionalUpdate: true, ...options.strategy },
    versions: [
      {
        name: 'v1',
        served: true,
        statusSubresource: options.statusSubresource ?? false,
        ...(options.finalizeSubresource === true && { finalizeSubresource: true }),
        printerColumns: options.printerColumns,
        selectableFields: [],
        struct: options.struct,
      },
    ],
  }
}
