import { DocumentSyntaxError, type SyntaxErrorPosition } from '../syntax-error.ts'

/** Text that is not YAML, or YAML that JSON has no equal for, or in strict mode a key given twice. */
export class YamlSyntaxError extends DocumentSyntaxError {
  constructor(problem: string, position: SyntaxErrorPosition) {
    super(problem, position)
    this.name = 'YamlSyntaxError'
  }
}
