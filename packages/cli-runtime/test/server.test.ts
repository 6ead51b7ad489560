import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createFactory } from '../src/create-factory.ts'
import { formatError } from '../src/errors/check-err.ts'
import type { GlobalFlags } from '../src/flags/global-flags.ts'
import { memoryStreams } from '../src/streams/memory-streams.ts'

const directory = mkdtempSync(join(tmpdir(), 'k1s-server-'))
const kubeconfig = join(directory, 'kube')
const requests: IncomingMessage[] = []
const server: Server = createServer((request, response) => {
  requests.push(request)
  if (request.url?.includes('slow')) return
  response.writeHead(200, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify({ kind: 'ConfigMapList', apiVersion: 'v1', metadata: {}, items: [] }))
})
let url: string

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      kind: 'Config',
      apiVersion: 'v1',
      'current-context': 'blue',
      contexts: [{ name: 'blue', context: { cluster: 'here', user: 'ann', namespace: 'team-blue' } }],
      clusters: [{ name: 'here', cluster: { server: url } }],
      users: [{ name: 'ann', user: {} }],
    }),
  )
})
beforeEach(() => {
  requests.length = 0
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(directory, { recursive: true })
})

const configMaps = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true }

function factoryOf(flags: GlobalFlags, env: { [name: string]: string } = {}) {
  return createFactory({
    flags,
    streams: memoryStreams(),
    env: { HOME: directory, USER: 'me', ...env },
    userAgent: async () => 'k1s/v1 (test)',
  })
}

/** Lists config maps and returns what the server saw. */
async function seen(flags: GlobalFlags, env?: { [name: string]: string }): Promise<IncomingMessage> {
  const factory = factoryOf(flags, env)
  try {
    const [client, { namespace }] = await Promise.all([factory.client(), factory.namespace()])
    await client.list(configMaps, { namespace })
    return requests.at(-1)!
  } finally {
    await factory.close()
  }
}

test('requests are in the namespace of the kubeconfig and carry the name of the program', async () => {
  const { url: path, headers } = await seen({ kubeconfig })
  expect(path).toBe('/api/v1/namespaces/team-blue/configmaps')
  expect(headers).toMatchObject({ 'user-agent': 'k1s/v1 (test)' })
  expect(headers).not.toHaveProperty('impersonate-user')
})

test('a flag, $K1S_NAMESPACE and a context of the k1s configuration name other namespaces', async () => {
  const config = join(directory, 'config')
  writeFileSync(
    config,
    'apiVersion: k1s.dev/v1\nkind: Config\ncontexts:\n- name: prod\n  context: {kubeconfig: kube, namespace: web}\n',
  )
  const path = async (flags: GlobalFlags, env?: { [name: string]: string }) => (await seen(flags, env)).url
  expect(await path({ kubeconfig, namespace: 'flag' })).toContain('/namespaces/flag/')
  expect(await path({ kubeconfig }, { K1S_NAMESPACE: 'env' })).toContain('/namespaces/env/')
  expect(await path({ config, context: 'prod' })).toContain('/namespaces/web/')
})

test('--server alone needs no kubeconfig, and takes none', async () => {
  const { url: path } = await seen({ server: url }, { KUBECONFIG: kubeconfig })
  expect(path).toBe('/api/v1/namespaces/default/configmaps')
})

test('a context whose cluster the kubeconfig does not have is named, with the cluster', async () => {
  const file = join(directory, 'dangling')
  writeFileSync(file, 'current-context: a\ncontexts: [{name: a, context: {cluster: gone}}]\n')
  const factory = factoryOf({ kubeconfig: file })
  const error = await factory.client().catch((thrown: unknown) => thrown)
  expect(formatError(error).message).toBe('error: cluster "gone" was not found for context "a"')
})

test('--as, --as-group, --as-uid and --as-user-extra say who asks', async () => {
  const { headersDistinct } = await seen({
    kubeconfig,
    as: 'bob',
    asGroup: ['a', 'b'],
    asUid: '7',
    asUserExtra: ['team=x', 'no value', 'team=y=z', 'a/b=c'],
  })
  expect(headersDistinct).toMatchObject({
    'impersonate-user': ['bob'],
    'impersonate-group': ['a', 'b'],
    'impersonate-uid': ['7'],
    'impersonate-extra-team': ['x', 'y=z'],
    'impersonate-extra-a%2fb': ['c'],
  })
})

test.each([
  [{ requestTimeout: '1ms' }, 'Unable to connect to the server: context deadline exceeded'],
  [
    { requestTimeout: '1 day' },
    'error: Invalid timeout value. Timeout must be a single integer in seconds, or ',
  ],
  [{ requestTimeout: '-1' }, 'error: Invalid timeout value.'],
  [
    { server: 'http://127.0.0.1:1' },
    'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?',
  ],
  [{ server: 'http://nobody.invalid' }, 'Unable to connect to the server: dial tcp: lookup nobody.invalid'],
  [{ kubeconfig: '/nowhere/kube' }, 'error: stat /nowhere/kube: no such file or directory'],
  [{ context: 'green' }, 'Error in configuration: context was not found for specified context: green'],
  [{ cluster: 'there' }, 'error: no server found for cluster "there"'],
  [{ user: 'bob' }, 'error: auth info "bob" does not exist'],
  [
    { certificateAuthority: '/nowhere/ca.crt' },
    'error: unable to read certificate-authority /nowhere/ca.crt for here due to open /nowhere/ca.crt: no such file or directory',
  ],
  [
    { clientCertificate: '/nowhere/a.crt', clientKey: '/nowhere/a.key' },
    'Error in configuration: \n* unable to read client-cert /nowhere/a.crt for ann due to open /nowhere/a.crt: no such file or directory\n* unable to read client-key /nowhere/a.key for ann',
  ],
  [
    { token: 't', username: 'bob' },
    'error: more than one authentication method found for ann; found [token basicAuth], only one is allowed',
  ],
  [{ asUserExtra: ['a=b'] }, 'error: requesting uid, groups or user-extra for  without impersonating a user'],
])('%j fails in the words of kubectl', async (flags, message) => {
  const factory = factoryOf({ kubeconfig, namespace: 'slow', ...flags })
  const error = await factory
    .client()
    .then((client) => client.list(configMaps, { namespace: 'slow' }))
    .catch((thrown: unknown) => thrown)
  const report = formatError(error)
  expect(report.message.slice(0, message.length)).toBe(message)
  expect(report.exitCode).toBe(1)
  await factory.close()
})
