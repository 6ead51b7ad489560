/** Where a document could not be read. Lines and columns start at 1; columns count UTF-16 code units. */
export interface SyntaxErrorPosition {
  readonly file?: string | undefined
  readonly line: number
  readonly column: number
}

/** Text that is not a document of its format. The base of the errors of the JSON and the YAML codec. */
export class DocumentSyntaxError extends Error {
  readonly file: string | undefined
  readonly line: number
  readonly column: number

  /** `problem` is the message without the file; with a file it reads `error parsing FILE: …`, as in kubectl. */
  constructor(problem: string, position: SyntaxErrorPosition) {
    super(position.file === undefined ? problem : `error parsing ${position.file}: ${problem}`)
    this.name = 'DocumentSyntaxError'
    this.file = position.file
    this.line = position.line
    this.column = position.column
  }
}
