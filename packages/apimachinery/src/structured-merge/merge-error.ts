/** What is wrong with one field of a value. */
export interface MergeProblem {
  /** `.spec.ports[name="http"]`; empty for the value itself. */
  readonly path: string
  readonly message: string
}

/** A value that does not fit its type: `ValidationErrors` of `typed/helpers.go` of structured-merge-diff. */
export class MergeError extends Error {
  readonly problems: readonly MergeProblem[]

  constructor(problems: readonly MergeProblem[]) {
    super(formatProblems(problems))
    this.name = 'MergeError'
    this.problems = problems
  }
}

function formatProblems(problems: readonly MergeProblem[]): string {
  const lines = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  return lines.length === 1 ? lines[0]! : ['errors:', ...lines.map((line) => `  ${line}`)].join('\n')
}
