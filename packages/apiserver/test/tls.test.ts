import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import {
  type APIServer,
  bearerTokenAuthenticator,
  createAPIServer,
  issueTransientCertificate,
  loadServingCertificate,
} from '@k1s/apiserver'
import { createRuntime, type Runtime } from '@k1s/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RawConnection } from './raw-connection.ts'

const token = 'a-token-for-the-tests-of-tls'
const directory = mkdtempSync(join(tmpdir(), 'k1s-tls-'))
let runtime: Runtime
let server: APIServer
let authority: string

beforeAll(async () => {
  runtime = await createRuntime({ storage: { type: 'memory' } })
  const certificate = await loadServingCertificate(directory, ['127.0.0.1'])
  authority = certificate.authority
  server = await createAPIServer({
    transport: runtime.transport,
    port: 0,
    tls: certificate.serving,
    authenticate: bearerTokenAuthenticator(token),
  })
})
afterAll(async () => {
  await server.close()
  await runtime.close()
  rmSync(directory, { recursive: true })
})

interface Answer {
  readonly code: number | undefined
  readonly serialNumber: string
  readonly body: unknown
}

function get(path: string, headers: { [name: string]: string } = {}, options = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(`${server.url}${path}`, { ca: authority, agent: false, headers, ...options }, (response) => {
      const { serialNumber } = (response.socket as TLSSocket).getPeerCertificate()
      let text = ''
      response
        .setEncoding('utf8')
        .on('data', (part: string) => {
          text += part
        })
        .once('end', () => resolve({ code: response.statusCode, serialNumber, body: JSON.parse(text) }))
    })
      .once('error', reject)
      .end()
  })
}

test.each([
  ['nothing', {}],
  ['another token', { authorization: 'Bearer another-token-for-the-tests' }],
  ['a password', { authorization: `Basic ${Buffer.from(`admin:${token}`).toString('base64')}` }],
])('who sends %s is answered with 401 and a Status', async (_, headers) => {
  for (const path of ['/api/v1/namespaces', '/apis', '/openapi/v2', '/metrics', '/nowhere', '/']) {
    expect(await get(path, headers)).toMatchObject({
      code: 401,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'Unauthorized',
        reason: 'Unauthorized',
        code: 401,
      },
    })
  }
})

test('who sends the token is answered', async () => {
  const { code, body } = await get('/api/v1/namespaces/default', { authorization: `Bearer ${token}` })
  expect({ code, body }).toMatchObject({ code: 200, body: { metadata: { name: 'default' } } })
})

test('who trusts other authorities only does not speak to the server', async () => {
  const other = await issueTransientCertificate(['127.0.0.1'])
  await expect(get('/livez', {}, { ca: other.authority })).rejects.toThrow('unable to verify')
})

test('a renewed certificate is shown to those who connect from then on', async () => {
  const headers = { authorization: `Bearer ${token}` }
  const before = await get('/api', headers)
  const renewed = await loadServingCertificate(directory, ['127.0.0.1', 'another.name'])
  server.setCertificate(renewed.serving)
  const after = await get('/api', headers, { servername: 'another.name' })
  expect(after.code).toBe(200)
  expect(after.serialNumber).not.toBe(before.serialNumber)
})

test('who connects and begins no handshake is disconnected', async () => {
  const impatient = await createAPIServer({
    transport: runtime.transport,
    port: 0,
    tls: (await issueTransientCertificate(['127.0.0.1'])).serving,
    authenticate: bearerTokenAuthenticator(token),
    limits: { headersTimeoutMs: 50 },
  })
  const silent = await RawConnection.open(impatient.url.replace('https', 'http'))
  await silent.closed()
  expect(silent.received).toBe('')
  await impatient.close()
})
