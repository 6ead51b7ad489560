import type { KubernetesList, KubernetesObject, Status, WatchEvent } from '@k1s/apimachinery'
import type { Table } from '@k1s/core'
import type { TextWriter } from '../streams/io-streams.ts'

export type Printable = KubernetesObject | KubernetesList<KubernetesObject> | Table | Status

/** Writes objects in one format: `printers.ResourcePrinter`. May be called again and again, for instance in a watch. */
export interface ResourcePrinter {
  /** `eventType` is given with `--output-watch-events`. */
  print(object: Printable, out: TextWriter, eventType?: WatchEvent['type']): void
}

/** What shapes the output of a table: `printers.PrintOptions`. */
export interface TableOptions {
  readonly noHeaders?: boolean
  /** Adds the NAMESPACE column. */
  readonly withNamespace?: boolean
  /** Prefixes names with the kind, `item.inventory.k1s.dev/laptop`. */
  readonly withKind?: { readonly group: string; readonly kind: string }
  /** Shows columns of every priority. */
  readonly wide?: boolean
  readonly showLabels?: boolean
  readonly columnLabels?: readonly string[]
  /** The time against which ages are counted. Defaults to now. */
  readonly now?: () => number
}

/** Which printer is wanted. */
export interface PrinterOptions extends TableOptions {
  /** The value of `-o`; undefined or empty is the name printer if there is an operation, else the table. */
  readonly output?: string
  /** `created`, `configured`, …: what the name printer says after the name, unless `-o name` asks for names alone. */
  readonly operation?: string
  readonly template?: string
  readonly allowMissingTemplateKeys?: boolean
  readonly showManagedFields?: boolean
  readonly sortBy?: string
}
