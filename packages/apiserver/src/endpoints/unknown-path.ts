import { StatusError } from '@k1s/apimachinery'

/** For paths that no endpoint has. */
export function unknownPath(): StatusError {
  return new StatusError({
    code: 404,
    reason: 'NotFound',
    details: {},
    message: 'the server could not find the requested resource',
  })
}
