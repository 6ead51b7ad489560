import { newBadRequest } from '@k1s/apimachinery'

/** The position of a paged list: `continueToken` of `k8s.io/apiserver/pkg/storage/continue.go`. */
export interface ContinueToken {
  /** The revision that the whole list is read at; -1 is the newest one. */
  revision: number
  /** The first key that is wanted, relative to the prefix of the list. */
  start: string
  /** How many objects are from there on, if it was known. Not a field of Kubernetes' token. */
  remaining?: number
}

export function encodeContinueToken({ revision, start, remaining }: ContinueToken): string {
  const json = JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start, n: remaining })
  return Buffer.from(json).toString('base64url')
}

/** BadRequest if it is not one. */
export function decodeContinueToken(token: string): ContinueToken {
  const parsed = parse(token)
  if (parsed.v !== 'meta.k8s.io/v1') {
    throw invalid(`server does not recognize this encoded version ${String(parsed.v)}`)
  }
  const { rv, start, n } = parsed
  if (typeof rv !== 'number' || !Number.isSafeInteger(rv) || rv === 0) {
    throw invalid('incorrect encoded start resourceVersion (version meta.k8s.io/v1)')
  }
  if (typeof start !== 'string' || start === '') {
    throw invalid('encoded start key empty (version meta.k8s.io/v1)')
  }
  if (start.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw invalid(start)
  }
  const remaining = typeof n === 'number' && Number.isSafeInteger(n) && n >= 0 ? n : undefined
  return { revision: rv, start, remaining }
}

function parse(token: string): { v?: unknown; rv?: unknown; start?: unknown; n?: unknown } {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (typeof parsed === 'object' && parsed !== null) return parsed
  } catch {
    // Whatever is wrong with it, the answer is the one below.
  }
  throw newBadRequest('invalid continue token: continue key is not valid')
}

function invalid(why: string) {
  return newBadRequest(`invalid continue token: continue key is not valid: ${why}`)
}
