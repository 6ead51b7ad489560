import type { ObjectMeta, WatchEvent } from '@k1s/apimachinery'
import { formatGoValue, formatGroupKind } from '@k1s/apimachinery'
import type { Table, TableColumnDefinition, TableRow } from '@k1s/core'
import type { TextWriter } from '../streams/io-streams.ts'
import { formatAge } from './age.ts'
import { tableOf } from './object-meta-table.ts'
import type { Printable, ResourcePrinter, TableOptions } from './printer.ts'
import { TabWriter } from './tab-writer.ts'
import { formatCell } from './terminal.ts'

/** A column as it is printed, with where its cells come from. */
interface Column {
  readonly header: string
  cell(row: TableRow, eventType: WatchEvent['type'] | undefined): string
}

/**
 * Prints Tables, and other objects by name and age: `printers.HumanReadablePrinter`. Headers come again only when
 * the columns change. Give it a TabWriter as `out` to align several calls with one another.
 */
export class TablePrinter implements ResourcePrinter {
  readonly #options: TableOptions
  #lastDefinitions: TableColumnDefinition[] = []
  #printedHeaders = false

  constructor(options: TableOptions = {}) {
    this.#options = options
  }

  print(object: Printable, out: TextWriter, eventType?: WatchEvent['type']): void {
    const table = tableOf(object)
    if (out instanceof TabWriter) {
      this.#printTable(table, out, eventType)
      return
    }
    const writer = new TabWriter(out)
    this.#printTable(table, writer, eventType)
    writer.flush()
  }

  #printTable(table: Table, out: TabWriter, eventType: WatchEvent['type'] | undefined): void {
    if (table.rows.length === 0) return
    // The events of a watch leave out the columns after the first table.
    const definitions = table.columnDefinitions.length === 0 ? this.#lastDefinitions : table.columnDefinitions
    const sameColumns = equalColumns(definitions, this.#lastDefinitions)
    const columns = this.#columns(definitions, eventType !== undefined)
    if (!this.#options.noHeaders && !(this.#printedHeaders && sameColumns)) {
      out.writeCells(columns.map(({ header }) => header))
    }
    this.#lastDefinitions = definitions
    this.#printedHeaders = true
    for (const row of table.rows) writeRow(out, columns, row, eventType)
  }

  #columns(definitions: readonly TableColumnDefinition[], withEvent: boolean): Column[] {
    const { withNamespace, wide, columnLabels = [], showLabels } = this.#options
    const columns: Column[] = []
    if (withEvent) columns.push({ header: 'EVENT', cell: (_, type) => (type ?? '').padEnd(8) })
    if (withNamespace) columns.push({ header: 'NAMESPACE', cell: (row) => metadataOf(row).namespace ?? '' })
    definitions.forEach((definition, index) => {
      if (wide || definition.priority === 0 || definition.priority === undefined) {
        columns.push(this.#definedColumn(definition, index))
      }
    })
    for (const label of columnLabels) {
      const header = label.slice(label.lastIndexOf('/') + 1).toUpperCase()
      columns.push({ header, cell: (row) => metadataOf(row).labels?.[label] ?? '' })
    }
    if (showLabels) columns.push({ header: 'LABELS', cell: (row) => formatLabels(metadataOf(row).labels) })
    return columns
  }

  #definedColumn(definition: TableColumnDefinition, index: number): Column {
    const header = definition.name.toUpperCase()
    const { withKind, now = Date.now } = this.#options
    if (definition.type === 'date') {
      const time = now()
      return { header, cell: ({ cells }) => formatDateCell(cells[index], time) }
    }
    if (withKind !== undefined && definition.format === 'name' && definition.type === 'string') {
      const kind = formatGroupKind(withKind).toLowerCase()
      return { header, cell: ({ cells }) => `${kind}/${formatTableValue(cells[index])}` }
    }
    return { header, cell: ({ cells }) => formatTableValue(cells[index]) }
  }
}

function writeRow(
  out: TabWriter,
  columns: readonly Column[],
  row: TableRow,
  eventType: WatchEvent['type'] | undefined,
): void {
  const cells = columns.map((column) => formatCell(column.cell(row, eventType)))
  if (cells.some((cell) => cell.includes('\t'))) {
    // A tab in a value parts cells here too, as it does for kubectl.
    out.write(`${cells.join('\t')}\n`)
  } else {
    out.writeCells(cells)
  }
}

function formatTableValue(value: unknown): string {
  if (typeof value === 'string') return value
  return value === null || value === undefined ? '' : formatGoValue(value)
}

function formatDateCell(value: unknown, now: number): string {
  return typeof value === 'string' ? formatAge(value, now) : formatTableValue(value)
}

/** `a.b=2,a=1` in the order of these texts, or `<none>`, as `labels.FormatLabels`. */
export function formatLabels(labels: { readonly [key: string]: string } | undefined): string {
  const text = Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',')
  return text === '' ? '<none>' : text
}

function metadataOf(row: TableRow): ObjectMeta {
  return row.object?.metadata ?? {}
}

function equalColumns(a: readonly TableColumnDefinition[], b: readonly TableColumnDefinition[]): boolean {
  if (a === b) return true
  return (
    a.length === b.length &&
    a.every((column, index) => column.name === b[index]!.name && column.priority === b[index]!.priority)
  )
}
