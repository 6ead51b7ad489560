import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, watch } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CliSandbox } from './cli-process.ts'
import { configMap, configMapObject, item, itemDefinition } from './inventory.ts'
import { ServerProcess } from './server-process.ts'

const testdata = fileURLToPath(new URL('../../../../shared/testdata/', import.meta.url))
const isThere = existsSync(testdata)
if (!isThere) console.warn(`skipped: the manifests of real users are not there (${testdata})`)

let cli: CliSandbox
beforeEach(() => {
  cli = new CliSandbox()
})
afterEach(() => cli.remove())

const inCopy = ['--data-dir', 'copy']
const filesIn = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

test('everything goes from one store to another through a pipe, in every format', async () => {
  await cli.succeed(['apply', '-f', '-'], { input: itemDefinition })
  const uid = await cli.shell(
    `k1s create cm owner --from-literal=a=b >&2 && k1s get cm owner -o jsonpath={.metadata.uid}`,
  )
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: uid.stdout }
  const owned = item('laptop', { brand: 'acme' }, { ownerReferences: [reference] })
  await cli.succeed(['create', '-f', '-'], { input: owned })
  const exported = await cli.succeed(['export'])
  for (const format of ['yaml', 'json', 'jsonl']) {
    const { stdout, stderr } = await cli.shell(
      `k1s export -o ${format} | k1s --data-dir copy-${format} import -f -`,
    )
    expect({ stdout, stderr }).toEqual({ stdout: '3 created\n', stderr: '' })
    expect(await cli.succeed(['--data-dir', `copy-${format}`, 'export'])).toBe(exported)
  }
  const copied = ['--data-dir', 'copy-yaml']
  await cli.succeed([...copied, 'delete', 'cm', 'owner'])
  expect(await cli.succeed([...copied, 'get', 'items', '-o', 'name'])).toBe('')
})

test('the formats are those of get', async () => {
  await cli.succeed(['create', '-f', '-'], { input: configMap('a', { k: 'v' }) + configMap('b') })
  const object =
    'apiVersion: v1\ndata:\n  k: v\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: default\n'
  expect(await cli.succeed(['export', 'cm/a'])).toBe(
    `# k1s export\n${object}# k1s export of 1 object complete\n`,
  )
  const list = JSON.parse(await cli.succeed(['export', 'cm', '-o', 'json'])) as { items: object[] }
  expect(list).toMatchObject({
    kind: 'List',
    apiVersion: 'v1',
    items: [{ kind: 'ConfigMap' }, { kind: 'ConfigMap' }],
  })
  expect(await cli.succeed(['export', 'cm', '-o', 'json', '-l', 'x=y'])).toBe(
    '{\n    "apiVersion": "v1",\n    "items": [],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n',
  )
  expect(await cli.succeed(['export', 'cm/a', '-o', 'jsonl'])).toBe(
    `{"apiVersion":"v1","items":[],"k1sExport":"begin","kind":"List"}
{"apiVersion":"v1","data":{"k":"v"},"kind":"ConfigMap","metadata":{"name":"a","namespace":"default"}}
{"apiVersion":"v1","items":[],"k1sExport":"complete","kind":"List","objects":1}
`,
  )
})

test('an export that is cut off is not imported at all, wherever that is', async () => {
  await cli.succeed(['create', '-f', '-'], { input: configMap('a') + configMap('b') })
  const cutOff = `error: the export in STDIN is cut off: the line with which it ends is missing
Export it again, or take out the line with which it begins to import what is there.
`
  const cases: [cut: string, stderr: unknown][] = [
    ['export -o yaml | head -n -1', cutOff],
    ['export -o yaml | head -n 6', cutOff],
    ['export -o yaml | head -n 4', cutOff],
    ['export -o jsonl | head -n -1', cutOff],
    ['export -o jsonl | head -n 1', cutOff],
    ['export -o jsonl | head -c -1000', 'error: there are no objects in STDIN\n'],
    ['export -o json | head -n -1', expect.stringMatching(/^error: error parsing STDIN: /)],
    ['export no-such-kind 2> /dev/null', 'error: there are no objects in STDIN\n'],
  ]
  await Promise.all(
    cases.map(async ([cut, stderr]) => {
      expect(await cli.shell(`k1s ${cut} | k1s --data-dir copy import -f -`), cut).toMatchObject({
        code: 1,
        stdout: '',
        stderr,
      })
    }),
  )
  expect(await cli.succeed([...inCopy, 'get', 'cm', '-o', 'name'])).toBe('')
  const nothing = await cli.shell('k1s export secrets | k1s --data-dir copy import -f -')
  expect(nothing).toMatchObject({ code: 0, stdout: 'no objects passed to import\n', stderr: '' })
})

test('an export can be applied', async () => {
  await cli.succeed(['create', '-f', '-'], { input: configMap('a') + configMap('b') })
  for (const format of ['yaml', 'json', 'jsonl']) {
    expect(await cli.shell(`k1s export -o ${format} | k1s --data-dir ${format} apply -f -`)).toMatchObject({
      code: 0,
      stdout: 'configmap/a created\nconfigmap/b created\n',
      stderr: '',
    })
  }
})

test('what is exported is what was asked for', async () => {
  await cli.succeed(['create', 'ns', 'shop'])
  await cli.succeed(['create', '-f', '-'], { input: configMap('a') + configMap('b') })
  await cli.succeed(['create', 'cm', 'c', '-n', 'shop'])
  await cli.succeed(['create', 'secret', 'generic', 's', '-n', 'shop'])
  const names = async (...args: string[]) => {
    const text = await cli.succeed(['export', '-o', 'jsonl', ...args])
    const lines = text.split('\n').slice(0, -1)
    return lines
      .slice(1, -1)
      .map((line) => (JSON.parse(line) as { metadata: { name: string } }).metadata.name)
      .join(' ')
  }
  expect(await names()).toBe('shop a b c s')
  expect(await names('-n', 'shop')).toBe('shop c s')
  expect(await names('cm')).toBe('a b')
  expect(await names('cm', '-A')).toBe('a b c')
  expect(await names('cm,secrets', '-n', 'shop')).toBe('c s')
  expect(await names('cm/b', 'ns/shop')).toBe('b shop')
  expect(await names('--exclude=secrets,ns')).toBe('a b c')
  expect(await names('--include=sa', '--exclude=cm', '--system')).toContain('kube-system')
})

describe('a directory', () => {
  test('holds Secrets for its owner alone, and is imported as a whole', async () => {
    await cli.succeed(['create', 'secret', 'generic', 's', '--from-literal=a=b'])
    const directory = join(cli.directory, 'dump')
    expect(await cli.succeed(['export', '-f', directory])).toBe(`1 object exported to ${directory}\n`)
    expect(filesIn(directory)).toEqual([join(directory, 'namespaces/default/secrets/s.yaml')])
    expect(statSync(filesIn(directory)[0]!).mode & 0o777).toBe(0o600)
    expect(await cli.succeed([...inCopy, 'import', '-f', directory])).toBe('1 created\n')
    const again = await cli.run(['export', '-f', directory])
    expect(again).toMatchObject({
      code: 1,
      stderr: `error: the directory ${JSON.stringify(directory)} is not empty: use --overwrite to replace the export in it\n`,
    })
    const before = readFileSync(filesIn(directory)[0]!, 'utf8')
    expect(await cli.succeed([...inCopy, 'export', '-q', '-f', directory, '--overwrite'])).toBe('')
    expect(readFileSync(filesIn(directory)[0]!, 'utf8')).toBe(before)
  })
})

test('JSON lines in a directory are imported like YAML and JSON', async () => {
  const json = (name: string) => JSON.stringify(configMapObject(name))
  cli.file('a.jsonl', `${json('a')}\n${json('b')}\n`)
  cli.file('c.json', json('c'))
  cli.file('d.txt', json('d'))
  expect(await cli.succeed(['import', '-f', '.'])).toBe('3 created\n')
})

describe('what goes wrong', () => {
  test('an export into a file is refused', async () => {
    cli.file('dump.yaml', '')
    expect(await cli.run(['export', '-f', 'dump.yaml'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'error: "dump.yaml" is a file: an export is written into a directory, or to standard output\n',
    })
  })

  test('names that cannot be asked for are told with their objects and where these are', async () => {
    const input = configMap('ok') + configMap('../x') + configMap('y', {}, { namespace: '..' })
    expect(await cli.run(['import', '-f', '-'], { input })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `error: nothing is imported:
the ConfigMap "../x" in "STDIN:4" has an invalid name: may not contain '/'
the ConfigMap "y" in "STDIN:6" has an invalid namespace "..": may not be '..'
`,
    })
  })

  test('before anything is written is told at once, with what to do', async () => {
    await cli.succeed(['create', 'cm', 'a', '--from-literal=k=v'])
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x' }
    const orphan = configMap('b', {}, { ownerReferences: [reference] })
    expect(await cli.run(['import', '-f', '-'], { input: configMap('a') + orphan })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `error: nothing is imported:
configmap/b in namespace default: its owner ConfigMap "x" is neither imported nor there
configmap/a in namespace default already exists, and differs from what is to be imported
Import the owners as well, or use --missing-owners=drop.
Use --on-conflict=skip, update or apply for objects that are there already.
`,
    })
    const args = ['import', '-f', '-', '--missing-owners=drop', '--on-conflict=skip']
    expect(await cli.run(args, { input: configMap('a') + orphan })).toMatchObject({
      code: 0,
      stdout: '1 created, 1 skipped\n',
      stderr:
        'Warning: configmap/b in namespace default: its owner ConfigMap "x" is neither imported nor there, and it is imported without it\n',
    })
  })

  test('with an object is told of it, the others are imported, and the exit code is 1', async () => {
    const input = configMap('a') + configMap('B') + configMap('c')
    const { code, stdout, stderr } = await cli.run(['import', '-f', '-'], { input })
    expect(stdout).toBe('2 created, 1 failed\n')
    expect(stderr).toMatch(
      /^Error from server \(Invalid\): error when importing "STDIN:4": ConfigMap "B" is invalid: metadata\.name: Invalid value: "B": a lowercase RFC 1123 subdomain/,
    )
    expect(code).toBe(1)
  })

  test.each([
    ['import', 'error: must specify -f\n'],
    ['import -f - -f -', 'error: standard input cannot be used for multiple arguments\n'],
    ['import -f nowhere', 'error: the path "nowhere" does not exist\n'],
    [
      'import -f x --on-conflict=replace',
      'error: Invalid on-conflict value (replace). Must be "fail", "skip", "update", or "apply".\n',
    ],
    [
      'import -f x --missing-owners=no',
      'error: Invalid missing-owners value (no). Must be "fail", "drop", or "keep".\n',
    ],
    ['import -f x --force-conflicts', 'error: --force-conflicts only works with --on-conflict=apply\n'],
    ['import -f x --namespace-map=a', 'error: Invalid argument syntax a, expected <from>=<to>\n'],
    ['import x', 'error: Unexpected args: [x]\n'],
    [
      'export -o name',
      'error: unable to match a printer suitable for the output format "name", allowed formats are: json,jsonl,yaml\n',
    ],
    [
      'export confgmaps',
      'error: the server doesn\'t have a resource type "confgmaps"\nDid you mean "configmaps"?\n',
    ],
    ['export cm/a -A', 'error: a resource cannot be retrieved by name across all namespaces\n'],
    ['export cm/a', 'Error from server (NotFound): configmaps "a" not found\n'],
    ['export --overwrite', 'error: --overwrite only works with a directory (-f, --output-dir)\n'],
    [
      'export -f dump -o jsonl',
      'error: a directory (-f, --output-dir) gets one file for each object: use --output=yaml or --output=json with it\n',
    ],
    [
      'export -f -',
      'error: -f (--output-dir) takes a directory: leave it away to write to standard output\n',
    ],
  ])('k1s %s', async (line, message) => {
    expect(await cli.run(line.split(' '))).toMatchObject({ code: 1, stdout: '', stderr: message })
  })
})

test('a dry run says what would become of each object', async () => {
  await cli.succeed(['create', 'cm', 'a', '--from-literal=k=v'])
  const input = configMap('a') + configMap('b')
  const args = ['import', '-f', '-', '--on-conflict=update']
  expect(await cli.succeed([...args, '--dry-run=server', '--parallel=1'], { input })).toBe(
    'configmap/a updated (server dry run)\nconfigmap/b created (server dry run)\n1 created, 1 updated (server dry run)\n',
  )
  expect(await cli.succeed([...args, '--dry-run=client', '--parallel=1'], { input })).toBe(
    'configmap/a updated (dry run)\nconfigmap/b created (dry run)\n1 created, 1 updated (dry run)\n',
  )
  expect(await cli.succeed(['get', 'cm', '-o', 'name'])).toBe('configmap/a\n')
})

describe('an import that is ended', () => {
  const count = 700
  const objects = Array.from({ length: count }, (_, index) => {
    const owner = { apiVersion: 'inventory.k1s.dev/v1', kind: 'Item', name: `i${index - (index % 10)}` }
    return JSON.stringify({
      apiVersion: 'inventory.k1s.dev/v1',
      kind: 'Item',
      metadata: { name: `i${index}`, ...(index % 10 > 0 && { ownerReferences: [owner] }) },
      spec: { brand: 'acme' },
      status: { phase: 'Available' },
    })
  })

  /** Sends the signal when the watch has seen an object of the second wave. */
  async function importUntil(signal: NodeJS.Signals) {
    await cli.succeed(['apply', '-f', '-'], { input: itemDefinition })
    cli.file('items.yaml', objects.join('\n'))
    const watch = cli.start(['get', 'items', '-w', '-o', 'name'])
    const importing = cli.start(['import', '-f', 'items.yaml', '--parallel=8'])
    await watch.printed('item.inventory.k1s.dev/i11\n')
    importing.process.kill(signal)
    watch.process.kill('SIGTERM')
    await watch.result
    return importing.result
  }
  const stored = async () => (await cli.succeed(['get', 'items', '-o', 'name'])).trim().split('\n').length

  test('by kill -9 is completed by the same command', async () => {
    expect(await importUntil('SIGKILL')).toMatchObject({ signal: 'SIGKILL', stdout: '' })
    const before = await stored()
    expect(before).toBeGreaterThan(1)
    expect(before).toBeLessThan(count)
    expect(await cli.succeed(['import', '-f', 'items.yaml'])).toMatch(
      /^\d+ created(, \d+ updated)?, \d+ unchanged\n$/,
    )
    expect(await stored()).toBe(count)
    expect(await cli.succeed(['import', '-f', 'items.yaml'])).toBe(`${count} unchanged\n`)
    const whole = await cli.succeed(['export', 'items'])
    expect(
      await cli.succeed([...inCopy, 'import', '-q', '-f', '-'], {
        input: `${itemDefinition}---\n${objects.join('\n')}`,
      }),
    ).toBe('')
    expect(await cli.succeed([...inCopy, 'export', 'items'])).toBe(whole)
  })

  test('by Ctrl-C says what was done and what was not', async () => {
    const { code, stdout, stderr } = await importUntil('SIGINT')
    const created = Number(/^(\d+) created\n$/.exec(stdout)?.[1])
    expect(stderr).toBe(
      `error: interrupted: ${count - created} of ${count} objects were not imported; run the command again to import the rest\n`,
    )
    expect(code).toBe(130)
    expect(await stored()).toBe(created)
  })
})

test('an export that is ended by Ctrl-C leaves nothing of it behind', async () => {
  const objects = Array.from({ length: 2000 }, (_, index) => JSON.stringify(configMapObject(`c${index}`)))
  await cli.succeed(['import', '-q', '-f', '-'], { input: objects.join('\n') })
  const target = join(cli.directory, 'dump')
  mkdirSync(target)
  const watcher = watch(target)
  const begun = once(watcher, 'change')
  const exporting = cli.start(['export', '-f', 'dump'])
  await begun
  watcher.close()
  exporting.process.kill('SIGINT')
  expect(await exporting.result).toMatchObject({ code: 130, stdout: '', stderr: '' })
  expect(readdirSync(target)).toEqual([])
})

describe('over HTTP', () => {
  const server = new ServerProcess('memory')
  beforeAll(() => server.start())
  afterAll(async () => {
    await server.stop()
    server.sandbox.remove()
  })

  test('objects go from a store to a server, to a tenant of it, and back', async () => {
    await cli.succeed(['apply', '-f', '-'], { input: itemDefinition })
    const owner = JSON.parse((await cli.run(['create', 'cm', 'owner', '-o', 'json'])).stdout) as {
      metadata: { uid: string }
    }
    const { uid } = owner.metadata
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }
    const owned = item('laptop', { brand: 'acme' }, { ownerReferences: [reference] })
    await cli.succeed(['create', '-f', '-'], { input: owned + item('phone') })
    await cli.succeed([
      'patch',
      'item',
      'laptop',
      '--subresource=status',
      '--type=merge',
      '-p',
      '{"status":{"phase":"Sold"}}',
    ])
    const exported = await cli.succeed(['export'])
    expect(exported).toContain('phase: Sold')

    const remote = `k1s --kubeconfig=${server.kubeconfig}`
    const { stdout, stderr } = await cli.shell(
      `k1s export -o jsonl | ${remote} import -f - && ${remote} export | ${remote} --context=k1s-below import -f - && ${remote} --context=k1s-below export -f dump && k1s --data-dir=copy import -f dump`,
    )
    expect({ stdout, stderr }).toEqual({
      stdout: '4 created\n4 created\n4 objects exported to dump\n4 created\n',
      stderr: '',
    })
    expect((await cli.shell(`${remote} export`)).stdout).toBe(exported)
    expect(await cli.succeed([...inCopy, 'export'])).toBe(exported)
    await cli.shell(`${remote} delete cm owner`)
    expect((await cli.shell(`${remote} get items -o name`)).stdout).toBe('item.inventory.k1s.dev/phone\n')
    expect((await cli.shell(`${remote} import -f dump`)).stdout).toBe('2 created, 2 unchanged\n')
  })

  test('large integers that can be kept arrive as they are', async () => {
    const quantity = '1152921504606846976'
    const input = itemDefinition + item('many', { quantity: 0 }).replace(':0', `:${quantity},"brand":"b"`)
    await cli.succeed(['import', '-f', '-'], { input })
    const { stdout, stderr } = await cli.shell(
      `k1s export | k1s --kubeconfig=${server.kubeconfig} import -f - --on-conflict=update && k1s --kubeconfig=${server.kubeconfig} get items many -o jsonpath={.spec.quantity}`,
    )
    expect({ stdout, stderr }).toMatchObject({ stdout: expect.stringMatching(`\n${quantity}$`), stderr: '' })
  })

  test('owners stay owners from one server to another', async () => {
    const other = new ServerProcess('memory')
    await other.start()
    try {
      const onServer = ({ kubeconfig }: ServerProcess, ...args: string[]) =>
        cli.succeed([`--kubeconfig=${kubeconfig}`, '--context=k1s', ...args])
      const at = `--kubeconfig=${server.kubeconfig}`
      await cli.succeed([at, 'create', 'ns', 'moved'])
      await cli.succeed([at, 'create', 'cm', 'parent', '-n', 'moved'])
      const uidOf = (on: ServerProcess) =>
        onServer(on, 'get', 'cm', 'parent', '-n', 'moved', '-o', 'jsonpath={.metadata.uid}')
      const uid = await uidOf(server)
      const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'parent', uid }
      const child = configMap('child', {}, { namespace: 'moved', ownerReferences: [owner] })
      await cli.succeed([at, 'create', '-f', '-'], { input: child })
      const { stdout, stderr } = await cli.shell(
        `k1s ${at} export -n moved | k1s --kubeconfig=${other.kubeconfig} import -f -`,
      )
      expect({ stdout, stderr }).toEqual({ stdout: '3 created\n', stderr: '' })
      const references = 'jsonpath={.metadata.ownerReferences[*].uid}'
      const bound = await onServer(other, 'get', 'cm', 'child', '-n', 'moved', '-o', references)
      expect(bound).toBe(await uidOf(other))
      expect(bound).not.toBe(uid)
      await onServer(other, 'delete', 'cm', 'parent', '-n', 'moved')
      expect(await onServer(other, 'get', 'cm', '-n', 'moved', '-o', 'name')).toBe('')
    } finally {
      await other.stop()
      other.sandbox.remove()
    }
  })
})

describe.skipIf(!isThere)('the manifests of Gateway API and cert-manager', () => {
  const sandbox = new CliSandbox()
  afterAll(() => sandbox.remove())

  test('go from store to store and stay what they are', async () => {
    const files = ['gateway-api', 'cert-manager'].flatMap((folder) => ['-f', testdata + folder])
    await sandbox.succeed(['apply', ...files])
    for (const namespace of ['gateway-conformance-infra', 'infra', 'store', 'site']) {
      await sandbox.run(['create', 'ns', namespace])
    }
    const examples = `${testdata}gateway-api/examples/`
    await sandbox.run(['apply', '-f', examples])
    const exported = await sandbox.succeed(['export'])
    expect(exported.match(/^kind: /gm)!.length).toBeGreaterThan(70)
    const directory = mkdtempSync(join(sandbox.directory, 'dump-'))
    await sandbox.succeed(['export', '-f', directory])
    expect(await sandbox.succeed([...inCopy, 'import', '-f', directory])).toMatch(/^\d+ created\n$/)
    expect(await sandbox.succeed([...inCopy, 'export'])).toBe(exported)
  })
})
