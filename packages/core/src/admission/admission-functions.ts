import {
  type FieldError,
  fieldError,
  formatFieldErrors,
  isJsonObject,
  type LabelSelector,
  newBadRequest,
  quote,
  type Unstructured,
} from '@k1s/apimachinery'
import type { AdmissionRequest, MutatingResponse, ValidatingResponse } from './admission-review.ts'
import type { AdmissionRule } from './match-rules.ts'
import { validateRule } from './validate-rule.ts'

/** What validating and mutating functions have in common: a webhook of `admissionregistration.k8s.io/v1`, in code. */
interface AdmissionFunction {
  /** Names it in messages and audit annotations: `quota.inventory.example.com`. */
  readonly name: string
  /** Which requests are meant. */
  readonly rules: readonly AdmissionRule[]
  /**
   * Whether a rule for one version means requests for the others too, with objects converted to its version.
   * Default: `Equivalent`.
   */
  readonly matchPolicy?: 'Exact' | 'Equivalent'
  /** Labels of the namespace of the object. Default: all, and what is cluster-scoped always. */
  readonly namespaceSelector?: LabelSelector
  /** Labels of the object, as it is or as it was. Default: all. */
  readonly objectSelector?: LabelSelector
  /** Whether a request fails with a handler that throws or does not answer in time. Default: `Fail`. */
  readonly failurePolicy?: 'Fail' | 'Ignore'
  /** How long to wait for an answer: 1 to 30. Default: 10. */
  readonly timeoutSeconds?: number
}

/** A function that admits or denies. */
export interface ValidatingFunction<T extends Unstructured = Unstructured> extends AdmissionFunction {
  handler(request: AdmissionRequest<T>): ValidatingResponse | Promise<ValidatingResponse>
}

/** A function that may also change the object. It is not called for deletions. */
export interface MutatingFunction<T extends Unstructured = Unstructured> extends AdmissionFunction {
  /** Whether to be called once more if the object was changed after it. Default: `Never`. */
  readonly reinvocationPolicy?: 'Never' | 'IfNeeded'
  handler(request: AdmissionRequest<T>): MutatingResponse | Promise<MutatingResponse>
}

/** A function that is registered, until it is taken away. Doing so once more does nothing. */
export interface Registration extends Disposable {
  unregister(): void
}

/** The functions that an application registered, in order. */
export class AdmissionFunctions {
  readonly #validating = new Map<string, ValidatingFunction>()
  readonly #mutating = new Map<string, MutatingFunction>()

  /**
   * Calls the function with each write that a rule means, before it is stored, until it is unregistered. BadRequest
   * for what is missing, rules that cannot be meant and names that are taken.
   */
  validating<T extends Unstructured = Unstructured>(added: ValidatingFunction<T>): Registration {
    return add(this.#validating, added as unknown as ValidatingFunction)
  }

  /** Calls the function with each create and update that a rule means, before validation. Errors are the same. */
  mutating<T extends Unstructured = Unstructured>(added: MutatingFunction<T>): Registration {
    return add(this.#mutating, added as unknown as MutatingFunction)
  }

  get allValidating(): ReadonlyMap<string, ValidatingFunction> {
    return this.#validating
  }

  get allMutating(): ReadonlyMap<string, MutatingFunction> {
    return this.#mutating
  }
}

function add<F extends ValidatingFunction | MutatingFunction>(
  functions: Map<string, F>,
  added: F,
): Registration {
  // Programs in JavaScript may leave out or mistake anything.
  const given: { readonly [field: string]: unknown } = { ...added }
  const { name, rules, handler, timeoutSeconds = 10 } = given
  if (typeof name !== 'string' || name === '') {
    throw newBadRequest('invalid admission function: name: Required value: a text that names it in messages')
  }
  if (functions.has(name)) throw newBadRequest(`the admission function ${quote(name)} is already registered`)
  const errors = validateRules(rules)
  if (typeof handler !== 'function') {
    errors.push(fieldError.required('handler', 'a function that is given the request and answers it'))
  }
  if (!(typeof timeoutSeconds === 'number' && timeoutSeconds >= 1 && timeoutSeconds <= 30)) {
    const detail = 'the timeout value must be between 1 and 30 seconds'
    errors.push(fieldError.invalid('timeoutSeconds', timeoutSeconds, detail))
  }
  for (const [field, supported] of Object.entries(choices)) {
    const value = given[field]
    if (value !== undefined && !supported.includes(value as string)) {
      errors.push(fieldError.notSupported(field, value, supported))
    }
  }
  if (errors.length > 0) {
    throw newBadRequest(`invalid admission function ${quote(name)}: ${formatFieldErrors(errors)}`)
  }
  functions.set(name, added)
  let isRegistered = true
  const unregister = () => {
    if (isRegistered) functions.delete(name)
    isRegistered = false
  }
  return { unregister, [Symbol.dispose]: unregister }
}

const choices: { readonly [field: string]: readonly string[] } = {
  failurePolicy: ['Fail', 'Ignore'],
  matchPolicy: ['Equivalent', 'Exact'],
  reinvocationPolicy: ['IfNeeded', 'Never'],
}

const listsOfRules = ['apiGroups', 'apiVersions', 'resources', 'operations']

function validateRules(rules: unknown): FieldError[] {
  if (!Array.isArray(rules)) {
    return [fieldError.required('rules', 'a list of which requests are meant')]
  }
  return rules.flatMap((rule: unknown, index) => {
    const path = `rules[${index}]`
    if (!isJsonObject(rule)) return [fieldError.invalid(path, rule, 'must be an object')]
    const errors = listsOfRules
      .filter((field) => rule[field] !== undefined && !isListOfTexts(rule[field]))
      .map((field) => fieldError.invalid(`${path}.${field}`, rule[field], 'must be a list of texts'))
    return errors.length > 0 ? errors : validateRule(rule as unknown as AdmissionRule, path)
  })
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
