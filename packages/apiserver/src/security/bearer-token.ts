import { randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { UserInfo } from '@k1s/core'
import type { Authenticator } from '../authenticator.ts'
import { createPrivateFile, makePrivateDirectory, readPrivateFile } from './private-file.ts'

/** Who holds the token may do everything. */
const admin: UserInfo = { name: 'system:admin', groups: ['system:masters', 'system:authenticated'] }

/**
 * Knows those who send `Authorization: Bearer` with this token. The header is read as
 * `k8s.io/apiserver/pkg/authentication/request/bearertoken` reads it. How long a comparison takes says nothing about
 * the token but its length.
 */
export function bearerTokenAuthenticator(token: string, user: UserInfo = admin): Authenticator {
  const expected = Buffer.from(token)
  return ({ headers: { authorization } }) => {
    if (authorization === undefined) return undefined
    const [scheme = '', given = ''] = authorization.trim().split(' ')
    if (scheme.toLowerCase() !== 'bearer' || given === '') return undefined
    const bytes = Buffer.from(given)
    return bytes.length === expected.length && timingSafeEqual(bytes, expected) ? user : undefined
  }
}

/** 256 random bits. */
export function generateBearerToken(): string {
  return randomBytes(32).toString('base64url')
}

/** The token that a directory holds in its file `token`. If there is none it is made, once for all who ask. */
export function loadBearerToken(directory: string): string {
  makePrivateDirectory(directory)
  const file = join(directory, 'token')
  const text = readPrivateFile(file) ?? createPrivateFile(file, `${generateBearerToken()}\n`)
  return checkToken(
    text,
    file,
    'Remove it and start again: another token is made then, and the kubeconfig written anew',
  )
}

/** The token in a file that somebody wrote. Throws an Error that names the file. */
export function readBearerToken(file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`cannot read the token file ${file}: ${(error as Error).message}`, { cause: error })
  }
  return checkToken(text, file, 'Make one with: openssl rand -hex 32')
}

/** RFC 6750, section 2.1; and not so short that it can be guessed. */
function checkToken(text: string, file: string, remedy: string): string {
  const token = text.trim()
  if (/^[\w.~+/-]+=*$/.test(token) && token.length >= 16) return token
  throw new Error(
    `${file} does not hold a token: expected 16 or more letters, digits and characters of "-._~+/" on one line. ${remedy}`,
  )
}
