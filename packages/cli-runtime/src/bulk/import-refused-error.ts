/**
 * Why an import is refused: an object that is in the target, an owner or a namespace that is not, a kind that is not
 * served, or an object that cannot be imported as it is.
 */
export type ImportProblemReason = 'Exists' | 'NoOwner' | 'NoNamespace' | 'NoKind' | 'Invalid'

export class ImportProblem extends Error {
  override readonly name = 'ImportProblem'
  readonly reason: ImportProblemReason

  constructor(reason: ImportProblemReason, message: string) {
    super(message)
    this.reason = reason
  }
}

/** An import was refused before anything was written. */
export class ImportRefusedError extends Error {
  override readonly name = 'ImportRefusedError'
  /** One for each object or kind that is in the way. */
  readonly problems: readonly ImportProblem[]

  constructor(problems: readonly ImportProblem[]) {
    super(problems.map(({ message }) => message).join('\n'))
    this.problems = problems
  }
}
