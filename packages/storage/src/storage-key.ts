import { type GroupResource, newBadRequest } from '@k1s/apimachinery'
import type { StorageKey, StoragePrefix } from './interface.ts'

/** How long a key may be, in UTF-8 bytes. */
export const maxKeyBytes = 1024

const tenantPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const forbidden = /[/\\%\u0000-\u001f\u007f-\u009f]/
const plain = /^[-.a-zA-Z0-9_:]+$/

export interface StorageKeyParts {
  tenant: string
  /** `items.inventory.k1s.dev` or, in the core group, `configmaps`. */
  resource: string
  namespace?: string
  name: string
}

/**
 * The key of an object: `/{tenant}/{resource}/{namespace}/{name}`, without the namespace where there is none.
 * BadRequest if a segment could leave its place or the whole is longer than {@link maxKeyBytes}.
 */
export function storageKey(parts: StorageKeyParts): StorageKey {
  const key = storagePrefix(parts) + checkSegment('name', parts.name)
  if (key.length * 3 > maxKeyBytes && Buffer.byteLength(key) > maxKeyBytes) throw tooLong(key)
  return key as StorageKey
}

/**
 * The prefix of all objects of a resource, or of those in a namespace; ends in `/`, so that it covers nothing of
 * `a-b` when it means `a`.
 */
export function storagePrefix(parts: Omit<StorageKeyParts, 'name'>): StoragePrefix {
  const { tenant, resource, namespace } = parts
  if (tenant.length > 63 || !tenantPattern.test(tenant)) {
    throw newBadRequest(
      `invalid tenant ${printable(tenant)}: must consist of at most 63 lower case alphanumeric characters or '-', and must start and end with an alphanumeric character`,
    )
  }
  const base = `/${tenant}/${checkSegment('resource', resource)}/`
  const prefix = namespace === undefined ? base : `${base}${checkSegment('namespace', namespace)}/`
  if (prefix.length * 3 > maxKeyBytes && Buffer.byteLength(prefix) > maxKeyBytes) throw tooLong(prefix)
  return prefix as StoragePrefix
}

/** The resource that a key or prefix belongs to, for messages. */
export function groupResourceOf(key: string): GroupResource {
  const start = key.indexOf('/', 1) + 1
  const end = key.indexOf('/', start)
  const name = key.slice(start, end < 0 ? undefined : end)
  const dot = name.indexOf('.')
  return dot < 0
    ? { group: '', resource: name }
    : { group: name.slice(dot + 1), resource: name.slice(0, dot) }
}

/** The name of the object that a key belongs to; empty for a prefix. */
export function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}

/** `/{tenant}/{resource}/` of a key or prefix. */
export function resourcePrefixOf(key: string): string {
  return key.slice(0, key.indexOf('/', key.indexOf('/', 1) + 1) + 1)
}

function checkSegment(what: 'resource' | 'namespace' | 'name', segment: string): string {
  if (plain.test(segment) && segment !== '.' && segment !== '..') return segment
  const why = problemOf(segment)
  if (why !== undefined) throw newBadRequest(`invalid ${what} ${printable(segment)}: ${why}`)
  return segment
}

function problemOf(segment: string): string | undefined {
  if (typeof segment !== 'string') return 'must be a string'
  if (segment === '') return 'must not be empty'
  // The words of path.IsValidPathSegmentName in k8s.io/apimachinery/pkg/api/validation/path.
  if (segment === '.' || segment === '..') return `may not be '${segment}'`
  const match = forbidden.exec(segment)
  if (match === null) return /\p{Surrogate}/u.test(segment) ? 'must be well-formed Unicode' : undefined
  const [character] = match
  if (character === '/' || character === '%' || character === '\\') return `may not contain '${character}'`
  return `may not contain the control character ${codePoint(character)}`
}

function codePoint(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}

/** Names come from users: a message quotes them without control characters and not at any length. */
function printable(segment: string): string {
  const text = String(segment)
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text).replace(
    /[\u007f-\u009f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function tooLong(key: string) {
  return newBadRequest(
    `tenant, resource, namespace and name are too long together: ${Buffer.byteLength(key)} bytes, at most ${maxKeyBytes} are possible`,
  )
}
