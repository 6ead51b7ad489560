import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import type { Kind } from './client.ts'
import type { PrinterColumn, ResourceStrategy, ScaleSubresource } from './resource-definition.ts'

/** A JSON schema as a CustomResourceDefinition carries it in `openAPIV3Schema`. */
export type OpenAPIV3Schema = { readonly [keyword: string]: unknown }

/** A column of `k1s get`. Without a priority it is shown always. */
export type KindPrinterColumn = Pick<PrinterColumn, 'name' | 'type' | 'value'> & Partial<PrinterColumn>

/** A kind with all that `runtime.registerAPI` needs to serve it: a {@link Kind} to pass to the client as well. */
export interface KindDefinition<T extends KubernetesObject = Unstructured> extends Kind<T> {
  readonly singular?: string
  readonly listKind?: string
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  /** Without a schema every field is kept and nothing is validated. */
  readonly schema?: OpenAPIV3Schema
  readonly subresources?: { readonly status?: boolean; readonly scale?: ScaleSubresource }
  /** Shown after the name. Default: the age alone. */
  readonly printerColumns?: readonly KindPrinterColumn[]
  readonly selectableFields?: readonly string[]
  readonly strategy?: ResourceStrategy
}

/**
 * Declares a kind with its TypeScript type.
 *
 * ```ts
 * const Item = defineKind<Item>({ group: 'inventory.k1s.dev', version: 'v1', kind: 'Item', plural: 'items', namespaced: true })
 * runtime.registerAPI(Item)
 * await client.get(Item, { namespace: 'default', name: 'laptop' }) // typed as Item
 * ```
 */
export function defineKind<T extends KubernetesObject>(
  definition: Omit<KindDefinition<T>, '__type'>,
): KindDefinition<T> {
  return Object.freeze({ ...definition })
}
