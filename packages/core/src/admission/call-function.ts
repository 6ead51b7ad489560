import { randomUUID } from 'node:crypto'
import { copyJson, isJsonObject, type JsonObject, type Unstructured } from '@k1s/apimachinery'
import type { AdmissionAttributes } from './admission.ts'
import type { MutatingFunction, ValidatingFunction } from './admission-functions.ts'
import type { AdmissionRequest, MutatingResponse } from './admission-review.ts'
import { admissionRequestMeta } from './create-admission-request.ts'
import { convertTo, type MatchedResource } from './equivalent-resources.ts'
import { denialOf, FunctionCallError } from './webhook-denial.ts'

/**
 * Asks a function, publishes its warnings and annotations, and throws its denial. A FunctionCallError if it throws,
 * does not answer in time, or answers with something else than a response.
 */
export async function callFunction<F extends ValidatingFunction | MutatingFunction>(
  asked: F,
  attributes: AdmissionAttributes,
  matched: MatchedResource,
  mayChange: boolean,
): Promise<MutatingResponse> {
  const request: AdmissionRequest = {
    uid: randomUUID(),
    ...admissionRequestMeta(attributes, matched),
    ...(attributes.object !== undefined && { object: await copyFor(matched, attributes.object) }),
    ...(attributes.oldObject !== undefined && { oldObject: await copyFor(matched, attributes.oldObject) }),
  }
  const response = await answerOf(asked, request, mayChange)
  for (const [key, value] of Object.entries(response.auditAnnotations ?? {})) {
    attributes.annotate(`${asked.name}/${key}`, value)
  }
  for (const warning of response.warnings ?? []) attributes.warn(warning)
  if (!response.allowed) throw denialOf(asked.name, response.status)
  return response
}

async function copyFor(matched: MatchedResource, object: Unstructured): Promise<Unstructured> {
  const converted = await convertTo(matched, object)
  return converted === object ? copyJson(object) : converted
}

async function answerOf(
  asked: ValidatingFunction | MutatingFunction,
  request: AdmissionRequest,
  mayChange: boolean,
): Promise<MutatingResponse> {
  const { name, timeoutSeconds = 10 } = asked
  let response: unknown
  try {
    const answering = asked.handler(request)
    response = isThenable(answering) ? await within(timeoutSeconds, Promise.resolve(answering)) : answering
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new FunctionCallError(name, `failed to call webhook: ${reason}`, error)
  }
  if (!isJsonObject(response)) {
    throw new FunctionCallError(name, 'received invalid webhook response: webhook response was absent')
  }
  const malformed = malformedField(response)
  if (malformed !== undefined) {
    throw new FunctionCallError(name, `received invalid webhook response: response.${malformed}`)
  }
  if (!mayChange && (response.patch !== undefined || response.object !== undefined)) {
    const why = 'received invalid webhook response: validating webhook may not return response.patch'
    throw new FunctionCallError(name, why)
  }
  return response as unknown as MutatingResponse
}

/** What is wrong with a response that TypeScript was not asked about. */
function malformedField(response: JsonObject): string | undefined {
  const { allowed, warnings, auditAnnotations, status, object, patch } = response
  if (typeof allowed !== 'boolean') return 'allowed must be true or false'
  if (object !== undefined && !isJsonObject(object)) return 'object must be an object'
  if (patch !== undefined && patch !== null && !Array.isArray(patch)) {
    return 'patch must be a list of operations'
  }
  if (warnings !== undefined && !(Array.isArray(warnings) && warnings.every(isText))) {
    return 'warnings must be a list of texts'
  }
  if (auditAnnotations !== undefined && !hasOnly(auditAnnotations, isText)) {
    return 'auditAnnotations must be an object of texts'
  }
  if (status === undefined) return undefined
  if (!isJsonObject(status)) return 'status must be an object'
  const { code = 0, message = '', reason = '' } = status
  if (!Number.isInteger(code)) return 'status.code must be a whole number'
  return isText(message) && isText(reason) ? undefined : 'status.message and status.reason must be texts'
}

/** Promises of other realms and libraries too. */
const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

const isText = (value: unknown) => typeof value === 'string'

const hasOnly = (value: unknown, isValid: (field: unknown) => boolean) =>
  isJsonObject(value) && Object.values(value).every(isValid)

async function within<T>(seconds: number, answering: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('context deadline exceeded')), seconds * 1000)
  })
  try {
    return await Promise.race([answering, expiry])
  } finally {
    clearTimeout(timer)
  }
}
