import type { CelType } from './cel-type.ts'

/**
 * A correct expression that cannot be made ready for evaluation, since a part of it is constant and fails: `int('a')`, or
 * `s.find('(')`. The message is that of cel-go's `Env.Program`.
 */
export class CelProgramError extends Error {
  readonly resultType: CelType

  constructor(resultType: CelType, message: string) {
    super(message)
    this.name = 'CelProgramError'
    this.resultType = resultType
  }
}
