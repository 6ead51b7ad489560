import { applyJsonPatch, equalJson, newInternalError, quote, type Unstructured } from '@k1s/apimachinery'
import type { StorageInterface } from '@k1s/storage'
import type { AdmissionAttributes } from './admission.ts'
import type { AdmissionFunctions, MutatingFunction, ValidatingFunction } from './admission-functions.ts'
import type { MutatingResponse } from './admission-review.ts'
import { callFunction } from './call-function.ts'
import { convertTo, type MatchedResource } from './equivalent-resources.ts'
import { matchResources } from './match-resources.ts'
import { isExempt } from './match-rules.ts'
import type { Reinvocation } from './reinvocation.ts'
import { takeChange } from './take-change.ts'
import { FunctionCallError } from './webhook-denial.ts'

const pluginName = 'AdmissionFunctions'

/**
 * Calls the mutating functions that mean a request, one after the other: the dispatcher of
 * `k8s.io/apiserver/pkg/admission/plugin/webhook/mutating`.
 */
export async function callMutatingFunctions(
  storage: StorageInterface,
  { allMutating }: AdmissionFunctions,
  attributes: AdmissionAttributes,
  reinvocation: Reinvocation,
): Promise<void> {
  const { object } = attributes
  if (object === undefined || isExempt(attributes)) return
  const steps = reinvocation.stepsOf(pluginName)
  steps.begin(reinvocation, object)
  for (const asked of allMutating.values()) {
    const matched = await matchFunction(storage, attributes, asked)
    if (matched === undefined) continue
    if (reinvocation.isReinvocation && !steps.isDue(asked.name)) continue
    if (await callMutating(asked, attributes, matched)) {
      steps.requirePrevious()
      reinvocation.isNeeded = true
    }
    if (asked.reinvocationPolicy === 'IfNeeded') steps.addPrevious(asked.name)
  }
  steps.end(object)
}

/** Whether the object was changed. */
async function callMutating(
  asked: MutatingFunction,
  attributes: AdmissionAttributes,
  matched: MatchedResource,
): Promise<boolean> {
  const response = await tolerating(asked, () => callFunction(asked, attributes, matched, true))
  if (response === undefined) return false
  const before = await convertTo(matched, attributes.object!)
  const changed = changedObject(asked.name, before, response)
  if (changed === undefined || equalJson(before, changed)) return false
  await takeChange(attributes, matched, changed)
  return true
}

function changedObject(
  name: string,
  before: Unstructured,
  { patch, object }: MutatingResponse,
): Unstructured | undefined {
  if (patch !== undefined && object !== undefined) {
    const why = `admission webhook ${quote(name)} answered with both a patch and an object`
    throw newInternalError(new Error(why))
  }
  if (patch === undefined) return object
  try {
    return applyJsonPatch(before, patch) as Unstructured
  } catch (error) {
    throw newInternalError(error)
  }
}

/**
 * Calls the validating functions that mean a request, all at the same time, and throws the first denial in their
 * order: the dispatcher of `k8s.io/apiserver/pkg/admission/plugin/webhook/validating`.
 */
export async function callValidatingFunctions(
  storage: StorageInterface,
  { allValidating }: AdmissionFunctions,
  attributes: AdmissionAttributes,
): Promise<void> {
  if (isExempt(attributes)) return
  // None is called before all are matched: a failure to match would leave their denials to nobody.
  const due: { asked: ValidatingFunction; matched: MatchedResource }[] = []
  for (const asked of allValidating.values()) {
    const matched = await matchFunction(storage, attributes, asked)
    if (matched !== undefined) due.push({ asked, matched })
  }
  const results = await Promise.allSettled(
    due.map(({ asked, matched }) => callValidating(asked, attributes, matched)),
  )
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

async function callValidating(
  asked: ValidatingFunction,
  attributes: AdmissionAttributes,
  matched: MatchedResource,
): Promise<void> {
  await tolerating(asked, () => callFunction(asked, attributes, matched, false))
}

function matchFunction(
  storage: StorageInterface,
  attributes: AdmissionAttributes,
  {
    rules,
    matchPolicy = 'Equivalent',
    namespaceSelector,
    objectSelector,
  }: ValidatingFunction | MutatingFunction,
): Promise<MatchedResource | undefined> {
  if (rules.length === 0) return Promise.resolve(undefined)
  return matchResources(storage, attributes, {
    resourceRules: rules,
    matchPolicy,
    ...(namespaceSelector !== undefined && { namespaceSelector }),
    ...(objectSelector !== undefined && { objectSelector }),
  })
}

/** Undefined for a call that failed where failures are to be ignored. */
async function tolerating<T>(
  { failurePolicy = 'Fail' }: ValidatingFunction | MutatingFunction,
  call: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof FunctionCallError)) throw error
    if (failurePolicy === 'Ignore') return undefined
    throw error.toStatusError()
  }
}
