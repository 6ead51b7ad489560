import { formatGoValue, type JsonPath, parseJsonPath, type WatchEvent } from '@k1s/apimachinery'
import type { TextWriter } from '../streams/io-streams.ts'
import { isList } from './lists.ts'
import type { Printable, ResourcePrinter } from './printer.ts'
import { relaxedJsonPath } from './relaxed-json-path.ts'
import { TabWriter } from './tab-writer.ts'
import { escapeTerminal } from './terminal.ts'

interface CustomColumn {
  readonly header: string
  readonly path: JsonPath
}

/** Prints the columns that the user names: `CustomColumnsPrinter` of kubectl. */
export class CustomColumnsPrinter implements ResourcePrinter {
  readonly #columns: readonly CustomColumn[]
  readonly #noHeaders: boolean
  #printedHeaders = false

  private constructor(columns: readonly CustomColumn[], noHeaders: boolean) {
    this.#columns = columns
    this.#noHeaders = noHeaders
  }

  /** From `NAME:.metadata.name,COUNT:.spec.count`. */
  static fromSpec(spec: string, noHeaders = false): CustomColumnsPrinter {
    if (spec === '') throw new Error('custom-columns format specified but no custom columns given')
    const columns = spec.split(',').map((part) => {
      const colon = part.indexOf(':')
      if (colon < 0) {
        throw new Error(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`)
      }
      return parseColumn(part.slice(0, colon), part.slice(colon + 1))
    })
    return new CustomColumnsPrinter(columns, noHeaders)
  }

  /** From two lines: headers and paths, parted by white space. */
  static fromTemplate(template: string): CustomColumnsPrinter {
    const expected =
      'Expected format is one line of space separated headers, one line of space separated column specs.'
    const [headerLine = '', pathLine] = template.replace(/\n$/, '').split('\n')
    if (template === '') throw new Error(`invalid template, missing header line. ${expected}`)
    if (pathLine === undefined) throw new Error(`invalid template, missing spec line. ${expected}`)
    const headers = headerLine.split(/\s+/).filter((word) => word !== '')
    const paths = pathLine.split(/\s+/).filter((word) => word !== '')
    if (headers.length !== paths.length) {
      throw new Error(
        `number of headers (${headers.length}) and field specifications (${paths.length}) don't match`,
      )
    }
    return new CustomColumnsPrinter(
      headers.map((header, index) => parseColumn(header, paths[index]!)),
      false,
    )
  }

  print(object: Printable, out: TextWriter, eventType?: WatchEvent['type']): void {
    if (!(out instanceof TabWriter)) {
      const writer = new TabWriter(out)
      this.print(object, writer, eventType)
      writer.flush()
      return
    }
    if (!this.#noHeaders && !this.#printedHeaders) {
      out.write(`${this.#columns.map(({ header }) => header).join('\t')}\n`)
      this.#printedHeaders = true
    }
    const items: readonly unknown[] = isList(object) ? object.items : [object]
    for (const item of items) {
      this.#printRow(eventType === undefined ? item : { type: eventType, object: item }, out)
    }
  }

  #printRow(item: unknown, out: TabWriter): void {
    const cells = this.#columns.map(({ path }) => {
      const results = path.findResults(item)
      const values = results.flat().map((value) => escapeTerminal(formatGoValue(value)))
      if ((results[0] ?? []).length === 0) values.unshift('<none>')
      return values.join(',')
    })
    out.write(`${cells.join('\t')}\n`)
  }
}

function parseColumn(header: string, path: string): CustomColumn {
  return { header, path: parseJsonPath(relaxedJsonPath(path), { allowMissingKeys: true }) }
}
