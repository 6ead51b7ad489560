import type { OutgoingHttpHeaders } from 'node:http'
import type { UserInfo } from '../request.ts'

/** `NewImpersonatingRoundTripper` of `k8s.io/client-go/transport`. */
export function impersonationHeaders(user: UserInfo | undefined): OutgoingHttpHeaders {
  if (user === undefined) return {}
  const headers: OutgoingHttpHeaders = { 'Impersonate-User': inUtf8(user.name) }
  if (user.uid) headers['Impersonate-Uid'] = inUtf8(user.uid)
  if (user.groups?.length) headers['Impersonate-Group'] = user.groups.map(inUtf8)
  for (const [key, values] of Object.entries(user.extra ?? {})) {
    headers[`Impersonate-Extra-${escapeKey(key)}`] = values.map(inUtf8)
  }
  return headers
}

/** Node writes headers as Latin-1. */
function inUtf8(text: string): string {
  return Buffer.from(text).toString('latin1')
}

const legalInHeaderNames = /[!#$&'*+\-.0-9A-Z^_`a-z|~]/

/** Bytes that no header name may have, and `%` itself, become `%2F`. */
function escapeKey(key: string): string {
  return Array.from(Buffer.from(key), (byte) => {
    const character = String.fromCharCode(byte)
    return legalInHeaderNames.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
}
