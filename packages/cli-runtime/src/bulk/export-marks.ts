import { isJsonObject } from '@k1s/apimachinery'

/**
 * What a stream of exported objects begins and ends with, so that an import notices when the stream is cut off: comments
 * in YAML, empty Lists in JSON lines. To kubectl both are nothing.
 */
export type ExportMark = { readonly type: 'begin' } | { readonly type: 'end'; readonly objects: number }

export type MarkedFormat = 'yaml' | 'jsonl'

/** The line, with its end, before the first object. */
export function beginMark(format: MarkedFormat): string {
  return format === 'yaml'
    ? '# k1s export\n'
    : '{"apiVersion":"v1","items":[],"k1sExport":"begin","kind":"List"}\n'
}

/** The line, with its end, after the last of so many objects. */
export function endMark(format: MarkedFormat, objects: number): string {
  return format === 'yaml'
    ? `# k1s export of ${objects} ${objects === 1 ? 'object' : 'objects'} complete\n`
    : `{"apiVersion":"v1","items":[],"k1sExport":"complete","kind":"List","objects":${objects}}\n`
}

/** The mark that a document is. */
export function markOfDocument(value: unknown): ExportMark | undefined {
  if (!isJsonObject(value) || value.kind !== 'List') return undefined
  if (value.k1sExport === 'begin') return { type: 'begin' }
  const isEnd = value.k1sExport === 'complete' && typeof value.objects === 'number'
  return isEnd ? { type: 'end', objects: value.objects as number } : undefined
}

/** A comment that is a mark, with its line, from 1. */
export type MarkComment = ExportMark & { readonly line: number }

/** The comments in a YAML stream that are marks. */
export function marksOfComments(text: string): MarkComment[] {
  const marks: MarkComment[] = []
  let line = 1
  let counted = 0
  // Within a value no line begins at the left margin, so that an export within a ConfigMap is none.
  for (const { index, 1: objects } of text.matchAll(/^# k1s export(?: of (\d+) objects? complete)?\r?$/gm)) {
    for (; counted < index; counted++) if (text.charCodeAt(counted) === 0x0a) line++
    marks.push(
      objects === undefined ? { type: 'begin', line } : { type: 'end', objects: Number(objects), line },
    )
  }
  return marks
}

/** Compares the marks of a file with the objects that are between them. A file without marks passes. */
export class ExportMarkCheck {
  readonly #file: string
  readonly #onWarning: ((text: string) => void) | undefined
  #objects = 0
  #isOpen = false

  constructor(file: string, onWarning: ((text: string) => void) | undefined) {
    this.#file = file
    this.#onWarning = onWarning
  }

  count(): void {
    this.#objects++
  }

  /** Throws an Error if another export begins before one has ended. */
  pass(mark: ExportMark): void {
    if (mark.type === 'begin') this.finish()
    else if (mark.objects !== this.#objects) {
      this.#onWarning?.(
        `${this.#file} was an export of ${mark.objects} objects, and ${this.#objects} of them are in it`,
      )
    }
    this.#isOpen = mark.type === 'begin'
    this.#objects = 0
  }

  /** To be called at the end of the file. Throws an Error if an export has not ended by then. */
  finish(): void {
    if (this.#isOpen) throw cutOffError(this.#file)
  }
}

export function cutOffError(file: string): Error {
  return new Error(
    `the export in ${file} is cut off: the line with which it ends is missing\nExport it again, or take out the line with which it begins to import what is there.`,
  )
}
