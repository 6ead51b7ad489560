import { type FlagSet, parseBoolean } from './flag-set.ts'

export interface FieldValidationFlags {
  validate: string
}

export function addFieldValidationFlag(set: FlagSet): void {
  set.option(
    '--validate [strict]',
    'Must be one of: strict (or true), warn, ignore (or false). "true" or "strict" fails the request if a field is unknown or given twice. "warn" will warn about unknown or duplicate fields without blocking the request. "false" or "ignore" silently drops them.',
    undefined,
    'strict',
  )
}

/** As GetValidationDirective of `k8s.io/kubectl/pkg/cmd/util`. */
export function fieldValidation({ validate }: FieldValidationFlags): 'Strict' | 'Warn' | 'Ignore' {
  switch (validate) {
    case 'strict':
      return 'Strict'
    case 'warn':
      return 'Warn'
    case 'ignore':
      return 'Ignore'
  }
  try {
    return parseBoolean(validate) ? 'Strict' : 'Ignore'
  } catch {
    throw new Error(
      `invalid - validate option ${JSON.stringify(validate)}; must be one of: strict (or true), warn, ignore (or false)`,
    )
  }
}
