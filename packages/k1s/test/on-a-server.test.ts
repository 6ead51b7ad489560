import { existsSync, readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { decodeYaml } from '@k1s/apimachinery/yaml'
import { issueTransientCertificate } from '@k1s/apiserver'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configMap, item, itemDefinition } from './inventory.ts'
import { ServerProcess } from './server-process.ts'

const server = new ServerProcess('memory')
const { sandbox: cli, kubeconfig } = server

beforeAll(async () => {
  await server.start()
  await cli.succeed(['apply', '-f', cli.file('crd.yaml', itemDefinition), '--kubeconfig', kubeconfig])
})
afterAll(async () => {
  await server.stop()
  cli.remove()
})

describe('where a command goes', () => {
  const names = async (args: string[], env: { [name: string]: string } = {}) => {
    const { stdout, stderr } = await cli.run(['get', 'cm', '-o', 'name', ...args], { env })
    return stdout + stderr
  }

  beforeAll(async () => {
    await Promise.all([
      cli.succeed(['create', 'cm', 'stored']),
      cli.succeed(['create', 'cm', 'served', '--kubeconfig', kubeconfig]),
      cli.succeed(['create', 'cm', 'below', '--kubeconfig', kubeconfig, '--context=k1s-below']),
    ])
    await cli.succeed([
      'config',
      'set-context',
      'prod',
      '--kubeconfig',
      kubeconfig,
      '--kube-context=k1s-below',
    ])
  })

  test('--kubeconfig and $K1S_KUBECONFIG name a server, $KUBECONFIG does not', async () => {
    const [flag, variable, ofKubectl] = await Promise.all([
      names(['--kubeconfig', kubeconfig]),
      names([], { K1S_KUBECONFIG: kubeconfig, K1S_DATA_DIR: '' }),
      names([], { KUBECONFIG: kubeconfig }),
    ])
    expect([flag, variable, ofKubectl]).toEqual([
      'configmap/served\n',
      'configmap/served\n',
      'configmap/stored\n',
    ])
  })

  test('a context is one of the kubeconfig, or stands for one', async () => {
    const [ofKubeconfig, ofConfig, current] = await Promise.all([
      names(['--kubeconfig', kubeconfig, '--context=k1s-below']),
      names(['--context=prod'], { K1S_DATA_DIR: '' }),
      names([], { K1S_CONTEXT: 'prod', K1S_DATA_DIR: '' }),
    ])
    expect([ofKubeconfig, ofConfig, current]).toEqual(Array(3).fill('configmap/below\n'))
  })

  test('a store beside a server is refused, with what to do', async () => {
    const [tenant, dataDirectory, variable, variableAndContext] = await Promise.all([
      names(['--kubeconfig', kubeconfig, '--tenant=below']),
      names(['--context=prod', '--data-dir=x']),
      names([], { K1S_KUBECONFIG: kubeconfig }),
      names(['--context=prod']),
    ])
    expect(tenant).toBe(
      "error: --tenant cannot be used with --kubeconfig: a server's tenant is part of its URL. Use a context of the kubeconfig whose server ends in /tenants/NAME, or leave out one of the two\n",
    )
    expect(dataDirectory).toBe(
      'error: --data-dir cannot be used with context "prod", which has a kubeconfig: the server knows where its objects are. Leave out one of the two\n',
    )
    expect(variable).toContain('error: $K1S_DATA_DIR cannot be used with $K1S_KUBECONFIG: ')
    expect(variableAndContext).toContain('error: $K1S_DATA_DIR cannot be used with context "prod", ')
    expect(existsSync(join(cli.directory, 'x'))).toBe(false)
  })
})

test('the server and the token may be given without a kubeconfig', async () => {
  const { clusters, users } = decodeYaml(readFileSync(kubeconfig, 'utf8'))[0]!.value as {
    clusters: { cluster: { server: string; 'certificate-authority-data': string } }[]
    users: { user: { token: string } }[]
  }
  const { server: url, 'certificate-authority-data': authority } = clusters[0]!.cluster
  const file = cli.file('ca.crt', Buffer.from(authority, 'base64').toString())
  const get = ['get', 'ns', 'default', '-o', 'name', '-s', url]
  const token = ['--token', users[0]!.user.token]
  const [trusted, untrusted, insecure, stranger] = await Promise.all([
    cli.run([...get, ...token, '--certificate-authority', file]),
    cli.run([...get, ...token]),
    cli.run([...get, ...token, '--insecure-skip-tls-verify']),
    cli.run([...get, '--token=x', '--certificate-authority', file]),
  ])
  expect(trusted).toMatchObject({ stdout: 'namespace/default\n', stderr: '', code: 0 })
  expect(insecure).toMatchObject({ stdout: 'namespace/default\n', stderr: '', code: 0 })
  expect(untrusted).toMatchObject({
    stdout: '',
    stderr:
      'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority\n',
    code: 1,
  })
  expect(stranger).toMatchObject({
    stdout: '',
    stderr: 'error: You must be logged in to the server (Unauthorized)\n',
    code: 1,
  })
})

test('who asks is proven by flags: a certificate, a name and a password', async () => {
  const [ofServer, ofClient] = await Promise.all([
    issueTransientCertificate(['127.0.0.1']),
    issueTransientCertificate(['ann']),
  ])
  const asked: { subject: string | undefined; headers: IncomingHttpHeaders }[] = []
  const listener = createServer(
    { ...ofServer.serving, ca: ofClient.authority, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const socket = request.socket as TLSSocket
      // It is for servers, which is why it is not authorized here; that the client has its key, TLS has made sure of.
      asked.push({ subject: socket.getPeerCertificate().subjectaltname, headers: request.headers })
      response.writeHead(401).end()
    },
  )
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  const server = ['-s', `https://127.0.0.1:${port}`]
  const trust = ['--certificate-authority', cli.file('server-ca.crt', ofServer.authority)]
  const certificate = [
    '--client-certificate',
    cli.file('ann.crt', ofClient.serving.cert),
    '--client-key',
    cli.file('ann.key', ofClient.serving.key),
  ]
  const ask = async (...flags: string[]) => {
    const { code } = await cli.run(['get', 'ns', ...server, ...flags])
    expect(code).toBe(1)
    return asked.splice(0)[0]
  }
  expect(await ask(...trust, ...certificate)).toMatchObject({ subject: 'DNS:ann' })
  expect(await ask(...trust, '--username=bob', '--password=a:b')).toMatchObject({
    subject: undefined,
    headers: { authorization: `Basic ${Buffer.from('bob:a:b').toString('base64')}` },
  })
  expect(
    await ask('--insecure-skip-tls-verify', '--token=t', '--as=eve', '--as-user-extra=team=x'),
  ).toMatchObject({
    headers: { authorization: 'Bearer t', 'impersonate-user': 'eve', 'impersonate-extra-team': 'x' },
  })
  expect(await ask(...trust, '--tls-server-name=other')).toBeUndefined()
  listener.close()
})

test.each([
  ['--certificate-authority=/none', 'error: unable to read certificate-authority /none for k1s due to '],
  ['--context=none', 'Error in configuration: context was not found for specified context: none\n'],
  ['--cluster=none', 'error: no server found for cluster "none"\n'],
  ['--user=none', 'error: auth info "none" does not exist\n'],
  ['--username=ann', 'error: more than one authentication method found for k1s; found [token basicAuth], '],
])('%s fails in the words of kubectl', async (flag, message) => {
  const { stderr, code } = await cli.run(['get', 'ns', '--kubeconfig', kubeconfig, flag])
  expect(stderr.slice(0, message.length)).toBe(message)
  expect(code).toBe(1)
})

test('flags for servers are refused on a store, as is a store of an unknown type, by the command line', async () => {
  const [username, certificate, storage] = await Promise.all([
    cli.run(['get', 'ns', '--username=ann']),
    cli.run(['get', 'ns', '--client-certificate=a']),
    cli.run(['get', 'ns', '--storage=foo']),
  ])
  expect(username.stderr).toMatch(
    /^error: --username is for API servers, and this command works on a store: /,
  )
  expect(certificate.stderr).toMatch(/^error: --client-certificate is for API servers/)
  expect(storage).toEqual({
    code: 1,
    signal: null,
    stdout: '',
    stderr: 'error: unknown storage type "foo": must be one of memory, lmdb, bolt\n',
  })
})

test('version tells the version of the server', async () => {
  const text = await cli.succeed(['version', '--kubeconfig', kubeconfig])
  expect(text).toMatch(/^Client Version: v[\d.]+\nServer Version: v\d+\.\d+\.\d+\S*\n$/)
  expect(await cli.succeed(['version', '--client', '--kubeconfig', kubeconfig])).not.toContain('Server')
})

test.each([
  'get cm',
  'get cm x -w',
  'describe cm',
  'explain cm',
  'delete cm x',
  'apply -f crd.yaml',
  'diff -f crd.yaml',
  'label cm x a=b',
  'patch cm x -p {}',
  'wait cm/x --for=delete',
  'api-resources',
  'api-versions',
])('%s says that nobody listens', async (line) => {
  const { stdout, stderr, code } = await cli.run([...line.split(' '), '-s', 'https://127.0.0.1:1'])
  expect({ stdout, stderr, code }).toEqual({
    stdout: '',
    stderr:
      'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?\n',
    code: line.startsWith('diff') ? 2 : 1,
  })
})

/** Commands that write, and what they print. Each of the two has a namespace of its own. */
const session: readonly (readonly [line: string, input?: string])[] = [
  ['create cm a --from-literal=x=1'],
  ['create cm a'],
  ['create secret generic s --from-literal=p=q -o yaml --dry-run=server'],
  ['apply -f -', configMap('b', { size: '1' }) + item('i', { brand: 'acme', quantity: 3 })],
  ['apply -f -', configMap('b', { size: '1' }) + item('i', { brand: 'acme', quantity: 4 })],
  ['diff -f -', configMap('b', { size: '2' })],
  ['apply --server-side -f -', configMap('c', { wood: 'oak' })],
  ['apply --server-side --field-manager=other -f -', configMap('c', { wood: 'elm' })],
  ['apply --server-side --field-manager=other --force-conflicts -f -', configMap('c', { wood: 'elm' })],
  ['apply -f -', configMap('b', { 'not a key': '1' })],
  [
    'create -f - --validate=strict',
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"d"},"dat":{}}',
  ],
  ['create -f - --validate=warn', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"d"},"dat":{}}'],
  ['label cm a room=kitchen'],
  ['label cm a room=hall'],
  ['annotate cm --all note=x'],
  ['patch cm b --type=merge -p {"data":{"size":"5"}}'],
  ['patch cm b -p {"metadata":{"labels":{"floor":"2"}}}'],
  ['patch item i --type=json -p [{"op":"replace","path":"/spec/quantity","value":9}]'],
  ['patch item i --subresource=status --type=merge -p {"status":{"phase":"sold"}}'],
  ['patch item i --type=merge -p {"spec":{"quantity":-1}}'],
  ['replace -f -', configMap('b', { size: '7' })],
  ['replace -f -', configMap('nope')],
  ['get items,cm -o jsonpath={range .items[*]}{.metadata.name}{.data}{.spec}{.status}{"\\n"}{end}'],
  ['get cm a -o jsonpath={.metadata.managedFields[0].manager} --show-managed-fields'],
  ['wait cm/b --for=jsonpath={.data.size}=7'],
  ['delete cm a'],
  ['delete cm a'],
  ['delete cm,items --all --dry-run=server'],
  ['delete -f -', configMap('b') + item('i')],
  ['get cm,items'],
]

test('commands that write print the same through the server as on the store', async () => {
  await cli.succeed(['apply', '-f', cli.file('crd.yaml', itemDefinition)])
  const run = async (where: string[]) => {
    await cli.succeed(['create', 'ns', 'writing', ...where])
    const results = []
    for (const [line, input = ''] of session) {
      const { stdout, stderr, code } = await cli.run([...line.split(' '), '-n', 'writing', ...where], {
        input,
      })
      results.push({ line, code, stdout: withoutChance(stdout), stderr: withoutChance(stderr) })
    }
    return results
  }
  const [onStore, throughServer] = await Promise.all([run([]), run(['--kubeconfig', kubeconfig])])
  expect(throughServer).toEqual(onStore)
})

/** What each object, run or file has of its own. */
function withoutChance(text: string): string {
  return text
    .replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, '<uid>')
    .replaceAll(/resourceVersion: "\d+"/g, 'resourceVersion: <version>')
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*( \+0000)?/g, '<time>')
    .replaceAll(/\b\d+s$/gm, '<age>')
    .replaceAll(/(LIVE|MERGED)-\w+/g, '$1')
}

test('get -w prints what changes on the server', async () => {
  const where = ['--kubeconfig', kubeconfig, '-n', 'kube-system']
  const watching = cli.start(['get', 'cm', '-w', '--output-watch-events', ...where])
  await cli.succeed(['create', 'cm', 'first', ...where])
  await watching.printed('ADDED      first   0')
  await cli.succeed(['patch', 'cm', 'first', '--type=merge', '-p', '{"data":{"a":"b"}}', ...where])
  await watching.printed('MODIFIED   first   1')
  await cli.succeed(['delete', 'cm', 'first', ...where])
  await watching.printed('DELETED    first   1')
  watching.process.kill('SIGINT')
  expect(await watching.result).toMatchObject({ code: 130, stderr: '' })
})
