import type { RestMapping } from '../mapping/rest-mapper.ts'
import type { Printable } from '../printers/printer.ts'

/** One object that a builder found: `resource.Info`. */
export interface Info {
  readonly mapping: RestMapping
  /** Empty for cluster-scoped objects and for lists over all namespaces. */
  namespace: string
  /** Empty for lists. */
  name: string
  /** File (with the line for documents after the first) or `STDIN`; empty for what came from arguments. */
  readonly source: string
  /** What was read or is to be written. A list (or Table) when a selector found it. Unset without requireObject. */
  object: Printable | undefined
  /** Reads the object again, into `object`. */
  get(): Promise<void>
  /** Takes over an object that a write returned, with its name and namespace. */
  refresh(object: Printable): void
  /** `items.inventory.k1s.dev/laptop`, as ObjectName of kubectl. */
  objectName(): string
}
