import { StatusError } from '@k1s/apimachinery'

/** A patch that cannot be applied: `NewGenericServerResponse` of 422. Unlike there, the message says why. */
export function rejectedPatch(message: string): StatusError {
  return new StatusError({
    code: 422,
    reason: 'Invalid',
    message: `the server rejected our request due to an error in our request: ${message}`,
    details: {},
  })
}
