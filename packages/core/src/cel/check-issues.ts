import { type CelType, formatCheckedType } from './cel-type.ts'
import type { CelIssue } from './source-error.ts'

/** What is wrong with the types and names of an expression: `checker/errors.go` of cel-go. */
export class CheckIssues {
  readonly found: CelIssue[] = []

  report(offset: number, message: string): void {
    this.found.push({ offset, message })
  }

  undeclared(offset: number, name: string): void {
    this.report(offset, `undeclared reference to '${name}' (in container '')`)
  }

  mismatch(offset: number, expected: CelType, actual: CelType): void {
    const [wanted, found] = [formatCheckedType(expected), formatCheckedType(actual)]
    this.report(offset, `expected type '${wanted}' but found '${found}'`)
  }
}
