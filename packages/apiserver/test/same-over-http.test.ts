import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@k1s/apimachinery'
import {
  type APIServer,
  bearerTokenAuthenticator,
  createAPIServer,
  loadServingCertificate,
} from '@k1s/apiserver'
import { type Connection, connect, createRuntime, type Runtime } from '@k1s/core'
import { openStorage } from '@k1s/storage'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { conversation, converse } from './conversation.ts'

const token = 'a-token-for-the-tests-of-connections'
const directory = mkdtempSync(join(tmpdir(), 'k1s-http-'))
const userAgent = 'conversation/1.0'
/** Managed fields are in the order of their times, which both are to have the same. */
const clock = { ...systemClock, now: () => Date.parse('2026-01-02T03:04:05Z') }

/** The same store twice: one is asked in this process, the other through TLS, as `connect` finds it in a kubeconfig. */
describe.each(['default', 'blue'])('of the tenant %s', (tenant) => {
  let embedded: Runtime
  let served: Runtime
  let server: APIServer
  let connection: Connection
  let expected: ReadonlyMap<string, unknown>
  let answered: ReadonlyMap<string, unknown>

  beforeAll(async () => {
    const runtimeOf = async () =>
      createRuntime({ storage: await openStorage({ type: 'memory', clock }), clock, tenant, userAgent })
    ;[embedded, served] = await Promise.all([runtimeOf(), runtimeOf()])
    const { authority, serving } = await loadServingCertificate(directory, ['127.0.0.1'])
    server = await createAPIServer({
      transport: served.transport,
      port: 0,
      tls: serving,
      authenticate: bearerTokenAuthenticator(token),
    })
    connection = await connect({ kubeconfig: kubeconfigOf(server.url, tenant, authority), userAgent })
    const { transport, client } = embedded
    ;[expected, answered] = await Promise.all([
      converse({ transport, client, tenant }),
      converse({ transport: connection.transport, client: connection.client, tenant }),
    ])
  })
  afterAll(async () => {
    await connection.close()
    expect(await server.close()).toBe(0)
    await Promise.all([embedded.close(), served.close()])
  })

  test.each(Object.keys(conversation))('a client is answered over HTTP as in process: %s', (step) => {
    expect(answered.get(step)).toEqual(expected.get(step))
  })
})

afterAll(() => rmSync(directory, { recursive: true }))

function kubeconfigOf(url: string, tenant: string, authority: string): string {
  const file = join(directory, `${tenant}.yaml`)
  writeFileSync(
    file,
    `apiVersion: v1
kind: Config
current-context: k1s
contexts:
- name: k1s
  context: { cluster: k1s, user: admin }
clusters:
- name: k1s
  cluster:
    server: ${url}${tenant === 'default' ? '' : `/tenants/${tenant}`}
    certificate-authority-data: ${Buffer.from(authority).toString('base64')}
users:
- name: admin
  user:
    token: ${token}
`,
  )
  return file
}
