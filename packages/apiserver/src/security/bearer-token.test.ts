import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bearerTokenAuthenticator, loadBearerToken, readBearerToken } from './bearer-token.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'k1s-token-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

describe('the token of a directory', () => {
  test('is 256 random bits that only the owner can read, and stays', () => {
    const token = loadBearerToken(directory)
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    expect(loadBearerToken(directory)).toBe(token)
    expect(readdirSync(directory)).toEqual(['token'])
    expect(statSync(join(directory, 'token')).mode & 0o777).toBe(0o600)
    rmSync(join(directory, 'token'))
    expect(loadBearerToken(directory)).not.toBe(token)
  })

  test.each([
    '',
    'short',
    'two tokens in one line of the file',
    'line-one-of-the-token\nline-two-of-the-token',
  ])('cannot be %j, which is named without being shown', (text) => {
    const file = join(directory, 'token')
    writeFileSync(file, text)
    for (const read of [() => loadBearerToken(directory), () => readBearerToken(file)]) {
      expect(read).toThrow(`${file} does not hold a token`)
      if (text !== '') expect(read).not.toThrow(text)
    }
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  test('may come from a file that somebody wrote', () => {
    const file = join(directory, 'mine')
    writeFileSync(file, '  0123456789abcdef==\n')
    expect(readBearerToken(file)).toBe('0123456789abcdef==')
    expect(() => readBearerToken(join(directory, 'none'))).toThrow(
      `cannot read the token file ${join(directory, 'none')}: ENOENT`,
    )
  })
})

describe('authentication', () => {
  const token = 'dGhlIHRva2VuIG9mIHRoZSB0ZXN0'
  const authenticate = bearerTokenAuthenticator(token)
  const ask = (authorization?: string) =>
    authenticate({ headers: { authorization } } as unknown as IncomingMessage)

  test.each([`Bearer ${token}`, `bearer ${token}`, ` BEARER ${token} `, `Bearer ${token} more`])(
    '%j is the administrator',
    (header) => {
      expect(ask(header)).toEqual({
        name: 'system:admin',
        groups: ['system:masters', 'system:authenticated'],
      })
    },
  )

  test.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `Bearer  ${token}`,
    token,
    `Basic ${token}`,
    `Bearer ${token}=`,
    `Bearer ${token.slice(1)}`,
    `Bearer ${token.toUpperCase()}`,
  ])('%j is nobody', (header) => {
    expect(ask(header)).toBeUndefined()
  })
})
