import { type FieldError, fieldError, quote } from '@k1s/apimachinery'

/**
 * What a validation found. `matchCount` counts checks that passed; among failed alternatives of anyOf and oneOf
 * the one with most of them is reported. Errors with equal messages are kept once.
 *
 * Follows `Result` of `k8s.io/kube-openapi/pkg/validation/validate`, and for the translation to field errors
 * `kubeOpenAPIResultToFieldErrors` of `k8s.io/apiextensions-apiserver/pkg/apiserver/validation`.
 */
export class ValidationResult {
  readonly errors: FieldError[] = []
  matchCount = 0
  #messages: Set<string> | undefined

  get isValid(): boolean {
    return this.errors.length === 0
  }

  merge(other: ValidationResult): void {
    this.matchCount += other.matchCount
    if (other.#messages === undefined) return
    let index = 0
    for (const message of other.#messages) this.#add(message, other.errors[index++]!)
  }

  /** An error about the value at `path`, whose message says so: `spec.size in body should be …`. */
  invalid(path: string, badValue: unknown, detail: string): void {
    const message = `${path} in body ${detail}`
    this.#add(message, fieldError.invalid(fieldOf(path), badValue, message))
  }

  /** `actual` is the type that the value has, or the text that is not of the format `type`. */
  wrongType(path: string, type: string, actual: string): void {
    const message = `${path} in body must be of type ${type}: ${quote(actual)}`
    this.#add(message, fieldError.typeInvalid(fieldOf(path), actual, message))
  }

  required(path: string): void {
    this.#add(`${path} in body is required`, fieldError.required(fieldOf(path)))
  }

  notSupported(path: string, badValue: unknown, supported: readonly unknown[]): void {
    const values = supported.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    const message = `${path} in body should be one of [${values.join(' ')}]`
    this.#add(message, fieldError.notSupported(fieldOf(path), badValue, values))
  }

  tooLong(path: string, max: number): void {
    const message = `${path} in body should be at most ${max} chars long`
    this.#add(message, fieldError.tooLong(fieldOf(path), '', max))
  }

  tooManyItems(path: string, actual: number, max: number): void {
    const message = `${path} in body should have at most ${max} items`
    this.#add(message, fieldError.tooMany(fieldOf(path), actual, max))
  }

  tooManyProperties(path: string, actual: number, max: number): void {
    const message = `${path} in body should have at most ${max} properties`
    this.#add(message, fieldError.tooMany(fieldOf(path), actual, max))
  }

  forbiddenProperty(path: string, name: string): void {
    const message = `${path}.${name} in body is a forbidden property`
    this.#add(message, fieldError.invalid(fieldOf(path), name, message))
  }

  /** `shownFactor` is the factor as Go prints it. */
  multipleOfNotPositive(path: string, factor: number, shownFactor: string): void {
    const message = `factor MultipleOf declared for ${path} must be positive: ${shownFactor}`
    this.#add(message, fieldError.invalid(fieldOf(path), factor, message))
  }

  /** An error that names its path in the message alone; the API server shows the field as `<nil>`. */
  general(message: string): void {
    this.#add(message, fieldError.invalid('<nil>', '', message))
  }

  #add(message: string, error: FieldError): void {
    this.#messages ??= new Set()
    if (this.#messages.has(message)) return
    this.#messages.add(message)
    this.errors.push(error)
  }
}

/** A required field at the top is named `.spec` by the validator. */
function fieldOf(path: string): string {
  if (path === '') return '<nil>'
  return path.startsWith('.') ? path.slice(1) : path
}
