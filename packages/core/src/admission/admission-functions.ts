import {
  formatFieldErrors,
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

/** The functions that an application registered, in order. */
export class AdmissionFunctions {
  readonly #validating = new Map<string, ValidatingFunction>()
  readonly #mutating = new Map<string, MutatingFunction>()

  /**
   * Calls the function with each write that a rule means, before it is stored. BadRequest for rules that cannot be
   * meant and names that are taken.
   */
  validating<T extends Unstructured = Unstructured>(added: ValidatingFunction<T>): void {
    add(this.#validating, added as unknown as ValidatingFunction)
  }

  /** Calls the function with each create and update that a rule means, before validation. Errors are the same. */
  mutating<T extends Unstructured = Unstructured>(added: MutatingFunction<T>): void {
    add(this.#mutating, added as unknown as MutatingFunction)
  }

  get allValidating(): ReadonlyMap<string, ValidatingFunction> {
    return this.#validating
  }

  get allMutating(): ReadonlyMap<string, MutatingFunction> {
    return this.#mutating
  }
}

function add<F extends AdmissionFunction>(functions: Map<string, F>, added: F): void {
  const { name, rules, timeoutSeconds = 10 } = added
  if (name === '') throw newBadRequest('an admission function must have a name')
  if (functions.has(name)) throw newBadRequest(`the admission function ${quote(name)} is already registered`)
  const errors = rules.flatMap((rule, index) => validateRule(rule, `rules[${index}]`))
  if (errors.length > 0) {
    throw newBadRequest(`invalid admission function ${quote(name)}: ${formatFieldErrors(errors)}`)
  }
  if (!(timeoutSeconds >= 1 && timeoutSeconds <= 30)) {
    const problem = `timeoutSeconds: Invalid value: ${timeoutSeconds}: the timeout value must be between 1 and 30 seconds`
    throw newBadRequest(`invalid admission function ${quote(name)}: ${problem}`)
  }
  functions.set(name, added)
}
