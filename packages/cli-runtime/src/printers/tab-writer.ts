import type { TextWriter } from '../streams/io-streams.ts'

export interface TabWriterOptions {
  /** Least width of a cell with its padding. Defaults to 6, as tables have it. */
  readonly minWidth?: number
  /** Spaces after the widest cell of a column. Defaults to 3. */
  readonly padding?: number
  /** Whether columns keep their width after a flush, so that later lines align with earlier ones. */
  readonly rememberWidths?: boolean
}

/**
 * Aligns tab-separated cells with spaces: elastic tabstops as Go's `text/tabwriter` has them, which give kubectl's
 * output its shape. A cell belongs to a column if a tab ends it; the column is as wide as the widest of the cells
 * that stand directly above and below one another. Widths are counted in code points.
 *
 * Lines are held back until {@link flush}.
 */
export class TabWriter implements TextWriter {
  readonly #out: TextWriter
  readonly #minWidth: number
  readonly #padding: number
  readonly #rememberWidths: boolean
  #rememberedWidths: number[] = []
  #lines: string[][] = []
  #rest = ''

  constructor(out: TextWriter, options: TabWriterOptions = {}) {
    this.#out = out
    this.#minWidth = options.minWidth ?? 6
    this.#padding = options.padding ?? 3
    this.#rememberWidths = options.rememberWidths ?? true
  }

  write(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop()!
    for (const line of lines) this.#lines.push(line.split('\t'))
  }

  /** Writes one line of cells, none of which may hold a tab or a newline. */
  writeCells(cells: string[]): void {
    if (this.#rest !== '') {
      this.write(`${cells.join('\t')}\n`)
    } else {
      this.#lines.push(cells)
    }
  }

  flush(): void {
    const lines = this.#lines
    const unfinished = this.#rest
    if (unfinished !== '') lines.push(unfinished.split('\t'))
    this.#lines = []
    this.#rest = ''
    if (lines.length === 0) return
    const text: string[] = []
    this.#format(lines, 0, lines.length, [], text)
    this.#out.write(unfinished === '' ? text.join('') : text.join('').slice(0, -1))
  }

  /** Lets the next lines find their own widths. */
  forgetWidths(): void {
    this.#rememberedWidths = []
  }

  /** Formats lines whose columns left of `widths.length` are settled. */
  #format(lines: string[][], start: number, end: number, widths: number[], text: string[]): void {
    const column = widths.length
    let unprinted = start
    for (let line = start; line < end; line++) {
      if (!hasColumn(lines[line]!, column)) continue
      for (; unprinted < line; unprinted++) text.push(formatLine(lines[unprinted]!, widths))
      let blockEnd = line
      let width = this.#minWidth
      for (; blockEnd < end && hasColumn(lines[blockEnd]!, column); blockEnd++) {
        width = Math.max(width, textWidth(lines[blockEnd]![column]!) + this.#padding)
      }
      this.#format(lines, line, blockEnd, [...widths, this.#remember(column, width)], text)
      unprinted = blockEnd
      line = blockEnd - 1
    }
    for (; unprinted < end; unprinted++) text.push(formatLine(lines[unprinted]!, widths))
  }

  #remember(column: number, width: number): number {
    if (!this.#rememberWidths) return width
    const remembered = Math.max(this.#rememberedWidths[column] ?? 0, width)
    this.#rememberedWidths[column] = remembered
    return remembered
  }
}

/** The last cell of a line is ended by the newline and so in no column. */
function hasColumn(line: string[], column: number): boolean {
  return column < line.length - 1
}

function formatLine(cells: string[], widths: number[]): string {
  let line = ''
  for (let column = 0; column < cells.length; column++) {
    const cell = cells[column]!
    line += cell
    const width = widths[column]
    if (width !== undefined) line += ' '.repeat(Math.max(0, width - textWidth(cell)))
  }
  return `${line}\n`
}

function textWidth(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII starts with control characters
  if (/^[\u0000-\u007f]*$/.test(text)) return text.length
  let width = 0
  for (const _ of text) width++
  return width
}
