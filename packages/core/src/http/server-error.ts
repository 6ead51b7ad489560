import {
  formatGroupResource,
  type GroupResource,
  isJsonObject,
  quote,
  type Status,
  StatusError,
  type StatusReason,
} from '@k1s/apimachinery'

/** An answer that is no success, as far as an error is made of it. */
export interface FailedAnswer {
  readonly method: string
  readonly code: number
  readonly contentType: string | undefined
  readonly body: string
  readonly retryAfterSeconds: number | undefined
  /** What was asked for, if it was a resource. */
  readonly resource?: GroupResource
  readonly name?: string
}

/**
 * The error of an answer: its Status, where the body is one, else what the code alone says: `Result.Error` and
 * `newUnstructuredResponseError` of `k8s.io/client-go/rest/request.go`.
 */
export function serverError(answer: FailedAnswer): StatusError {
  const status = statusOf(answer.body)
  if (status !== undefined) return new StatusError({ ...status, code: status.code ?? answer.code })
  const message = isText(answer.contentType) ? truncate(answer.body).trim() : 'unknown'
  return genericServerError(answer, message, [
    { reason: 'UnexpectedServerResponse', ...(message !== '' && { message }) },
  ])
}

/** `NewClientErrorReporter` of apimachinery for a watch that cannot be read any further. */
export function unreadableWatch(problem: string): Status {
  const message = `unable to decode an event from the watch stream: ${problem}`
  const causes = [
    { reason: 'UnexpectedServerResponse', message },
    { reason: 'ClientWatchDecoding', message },
  ]
  return genericServerError({ method: 'GET', code: 500 }, message, causes).status
}

/** A Status of a failure; old servers leave out kind and version. */
export function statusOf(body: string): Status | undefined {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return undefined
  }
  if (!isJsonObject(value) || value.status !== 'Failure') return undefined
  const { kind = 'Status', apiVersion = 'v1' } = value
  return kind === 'Status' && apiVersion === 'v1' ? (value as unknown as Status) : undefined
}

const maxTextBytes = 2048

function truncate(body: string): string {
  return Buffer.byteLength(body) <= maxTextBytes ? body : Buffer.from(body).toString('utf8', 0, maxTextBytes)
}

function isText(contentType: string | undefined): boolean {
  return contentType === undefined || contentType === '' || /^\s*text\//i.test(contentType)
}

type Answer = Pick<FailedAnswer, 'method' | 'code'> &
  Partial<Pick<FailedAnswer, 'resource' | 'name' | 'retryAfterSeconds'>>

/** `NewGenericServerResponse` of `k8s.io/apimachinery/pkg/api/errors`. */
function genericServerError(
  { method, code, resource, name = '', retryAfterSeconds = 0 }: Answer,
  serverMessage: string,
  causes: { reason: string; message?: string }[],
): StatusError {
  const { reason, message } = explain(method, code, serverMessage)
  return new StatusError({
    code,
    reason,
    message: message + subject(method, resource, name),
    details: {
      ...(name !== '' && { name }),
      ...(resource?.group && { group: resource.group }),
      ...(resource?.resource && { kind: resource.resource }),
      causes,
      ...(retryAfterSeconds !== 0 && { retryAfterSeconds }),
    },
  })
}

function subject(method: string, resource: GroupResource | undefined, name: string): string {
  if (resource === undefined || resource.resource === '') return ''
  const words = [method.toLowerCase(), formatGroupResource(resource), ...(name === '' ? [] : [name])]
  return ` (${words.join(' ')})`
}

interface Explanation {
  readonly reason: StatusReason
  readonly message: string
}

function explain(method: string, code: number, serverMessage: string): Explanation {
  switch (code) {
    case 409:
      return {
        reason: method === 'POST' ? 'AlreadyExists' : 'Conflict',
        message: 'the server reported a conflict',
      }
    case 403:
      return { reason: 'Forbidden', message: serverMessage }
    case 415:
      return { reason: 'UnsupportedMediaType', message: serverMessage }
    case 406:
      return {
        reason: 'NotAcceptable',
        message:
          serverMessage === '' || serverMessage === 'unknown'
            ? 'the server was unable to respond with a content type that the client supports'
            : serverMessage,
      }
  }
  const known = explanations[code]
  if (known !== undefined) return known
  if (code >= 500) {
    return {
      reason: 'InternalError',
      message: `an error on the server (${quote(serverMessage)}) has prevented the request from succeeding`,
    }
  }
  return {
    reason: '',
    message: `the server responded with the status code ${code} but did not return more information`,
  }
}

const explanations: { readonly [code: number]: Explanation } = {
  404: { reason: 'NotFound', message: 'the server could not find the requested resource' },
  400: { reason: 'BadRequest', message: 'the server rejected our request for an unknown reason' },
  401: { reason: 'Unauthorized', message: 'the server has asked for the client to provide credentials' },
  405: {
    reason: 'MethodNotAllowed',
    message: 'the server does not allow this method on the requested resource',
  },
  422: { reason: 'Invalid', message: 'the server rejected our request due to an error in our request' },
  503: { reason: 'ServiceUnavailable', message: 'the server is currently unable to handle the request' },
  504: {
    reason: 'Timeout',
    message:
      'the server was unable to return a response in the time allotted, but may still be processing the request',
  },
  429: {
    reason: 'TooManyRequests',
    message: 'the server has received too many requests and has asked us to try again later',
  },
}
