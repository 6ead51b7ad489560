import { append } from './append.ts'
import { type FieldError, fieldError, formatFieldErrors, indexPath, keyPath } from './field-error.ts'
import { isQualifiedName, isValidLabelValue } from './validation.ts'

/** `pkg/selection.Operator`. `gt` and `lt` compare labels that are integers. */
export type LabelOperator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt'

/** The labels of an object. */
export interface Labels {
  readonly [key: string]: string
}

const operators: readonly LabelOperator[] = ['in', 'notin', '=', '==', '!=', 'gt', 'lt', 'exists', '!']

/** One condition on one label. Made by {@link newLabelRequirement}. */
export class LabelRequirement {
  readonly key: string
  readonly operator: LabelOperator
  /** In the order given; `toString` sorts them. */
  readonly values: readonly string[]
  readonly #value: string
  readonly #set: ReadonlySet<string> | undefined
  readonly #bound: bigint | undefined

  constructor(key: string, operator: LabelOperator, values: readonly string[]) {
    this.key = key
    this.operator = operator
    this.values = values
    this.#value = values[0] ?? ''
    this.#set = values.length > 1 ? new Set(values) : undefined
    this.#bound = operator === 'gt' || operator === 'lt' ? parseInt64(this.#value) : undefined
  }

  matches(labels: Labels | undefined): boolean {
    const value = labels?.[this.key]
    // What plain objects inherit is never a string, so this tells a label from `constructor`.
    if (typeof value !== 'string') {
      return this.operator === '!' || this.operator === '!=' || this.operator === 'notin'
    }
    switch (this.operator) {
      case '=':
      case '==':
      case 'in':
        return this.#hasValue(value)
      case '!=':
      case 'notin':
        return !this.#hasValue(value)
      case 'exists':
        return true
      case '!':
        return false
      case 'gt':
      case 'lt':
        return this.#compares(value)
    }
  }

  #hasValue(value: string): boolean {
    return this.#set === undefined ? value === this.#value : this.#set.has(value)
  }

  #compares(text: string): boolean {
    const value = parseInt64(text)
    if (value === undefined || this.#bound === undefined) return false
    return this.operator === 'gt' ? value > this.#bound : value < this.#bound
  }

  /** `x in (a,b)`, `x!=a`, `!x` …, as it is parsed. */
  toString(): string {
    const values = [...this.values].sort().join(',')
    switch (this.operator) {
      case 'exists':
        return this.key
      case '!':
        return `!${this.key}`
      case 'in':
      case 'notin':
        return `${this.key} ${this.operator} (${values})`
      case 'gt':
        return `${this.key}>${values}`
      case 'lt':
        return `${this.key}<${values}`
      default:
        return `${this.key}${this.operator}${values}`
    }
  }
}

/**
 * Checks and makes a requirement, as `labels.NewRequirement`. Throws an Error with the texts of the field errors at
 * `key`, `operator` and `values`. `values` undefined is Go's nil, which messages show as `null`.
 */
export function newLabelRequirement(
  key: string,
  operator: LabelOperator,
  values: readonly string[] | undefined,
): LabelRequirement {
  const list = values ?? []
  const errors: FieldError[] = []
  const keyErrors = isQualifiedName(key)
  if (keyErrors.length > 0) errors.push(fieldError.invalid('key', key, keyErrors.join('; ')))
  append(errors, operandErrors(operator, values))
  list.forEach((value, index) => {
    const messages = isValidLabelValue(value)
    if (messages.length === 0) return
    errors.push(fieldError.invalid(keyPath(indexPath('values', index), key), value, messages.join('; ')))
  })
  if (errors.length > 0) throw new Error(formatFieldErrors(errors))
  return new LabelRequirement(key, operator, list)
}

function operandErrors(operator: LabelOperator, values: readonly string[] | undefined): FieldError[] {
  const list = values ?? []
  const invalid = (detail: string) => [fieldError.invalid('values', values, detail)]
  switch (operator) {
    case 'in':
    case 'notin':
      return list.length > 0 ? [] : invalid("for 'in', 'notin' operators, values set can't be empty")
    case '=':
    case '==':
    case '!=':
      return list.length === 1 ? [] : invalid('exact-match compatibility requires one single value')
    case 'exists':
    case '!':
      return list.length === 0 ? [] : invalid('values set must be empty for exists and does not exist')
    case 'gt':
    case 'lt': {
      const detail = "for 'Gt', 'Lt' operators, the value must be an integer"
      return [
        ...(list.length === 1 ? [] : invalid("for 'Gt', 'Lt' operators, exactly one value is required")),
        ...list.flatMap((value, index) =>
          parseInt64(value) === undefined
            ? [fieldError.invalid(indexPath('values', index), value, detail)]
            : [],
        ),
      ]
    }
    default:
      return [fieldError.notSupported('operator', operator, operators)]
  }
}

/** As `strconv.ParseInt(text, 10, 64)`; undefined for what is no integer of 64 bits. */
function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  return BigInt.asIntN(64, value) === value ? value : undefined
}
