import { newInternalError, quote, StatusError } from '@k1s/apimachinery'
import type { ValidatingResponse } from './admission-review.ts'

/** A denial in the words of `ToStatusErr` of `k8s.io/apiserver/pkg/admission/plugin/webhook/errors`. */
export function denialOf(name: string, status: ValidatingResponse['status'] = {}): StatusError {
  const { message = '', reason = '', code = 0 } = status
  const denied = `admission webhook ${quote(name)} denied the request`
  const why = message || reason
  return new StatusError({
    code: Math.max(code, 400),
    ...(reason !== '' && { reason }),
    message: why === '' ? `${denied} without explanation` : `${denied}: ${why}`,
  })
}

/** A function that gave no usable answer: `ErrCallingWebhook` of `k8s.io/apiserver/pkg/util/webhook`. */
export class FunctionCallError extends Error {
  constructor(name: string, reason: string, cause?: unknown) {
    super(`failed calling webhook ${quote(name)}: ${reason}`, { cause })
    this.name = 'FunctionCallError'
  }

  toStatusError(): StatusError {
    return newInternalError(this)
  }
}
