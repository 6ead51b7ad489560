import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CliSandbox } from './cli-process.ts'
import { configMap, item, itemDefinition } from './inventory.ts'

let cli: CliSandbox
beforeEach(() => {
  cli = new CliSandbox()
})
afterEach(() => cli.remove())

const apply = (input: string, ...flags: string[]) => cli.run(['apply', '-f', '-', ...flags], { input })
const annotationOf = (name: string) =>
  cli.succeed([
    'get',
    name,
    '-o',
    'jsonpath={.metadata.annotations.kubectl\\.kubernetes\\.io/last-applied-configuration}',
  ])

describe('apply', () => {
  test('creates, leaves alone, changes, and removes what is no longer wanted but not what others set', async () => {
    const text = configMap('a', { k: 'v', old: 'x' })
    expect(await apply(text)).toMatchObject({ code: 0, stdout: 'configmap/a created\n', stderr: '' })
    expect((await apply(text)).stdout).toBe('configmap/a unchanged\n')
    await cli.succeed(['patch', 'cm', 'a', '--type=merge', '-p', 'data: {other: theirs}'])
    expect((await apply(configMap('a', { k: 'w' }))).stdout).toBe('configmap/a configured\n')
    expect(await cli.succeed(['get', 'cm/a', '-o', 'jsonpath={.data}'])).toBe('{"k":"w","other":"theirs"}')
  })

  test('keeps what was applied in the annotation, as kubectl writes it', async () => {
    await apply(configMap('a', { b: '<&>', a: '1' }))
    expect(await annotationOf('cm/a')).toBe(
      '{"apiVersion":"v1","data":{"a":"1","b":"\\u003c\\u0026\\u003e"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"a","namespace":"default"}}\n',
    )
  })

  // warningNoLastAppliedConfigAnnotation of k8s.io/kubectl/pkg/cmd/apply/apply.go.
  test('warns of an object that was not applied before, and patches the annotation', async () => {
    await cli.succeed(['create', '-f', '-'], { input: configMap('a', { k: 'v' }) })
    expect(await apply(configMap('a', { k: 'v' }))).toMatchObject({
      stdout: 'configmap/a configured\n',
      stderr:
        'Warning: resource configmaps/a is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by k1s apply. k1s apply should only be used on resources created declaratively by either k1s create --save-config or k1s apply. The missing annotation will be patched automatically.\n',
    })
    expect(await annotationOf('cm/a')).toContain('"name":"a"')
    await cli.succeed(['create', '-f', '-', '--save-config'], { input: configMap('b') })
    expect(await apply(configMap('b'))).toMatchObject({ stdout: 'configmap/b unchanged\n', stderr: '' })
  })

  test('a dry run stores nothing', async () => {
    expect((await apply(configMap('a'), '--dry-run=server')).stdout).toBe(
      'configmap/a created (server dry run)\n',
    )
    expect((await apply(configMap('a'), '--dry-run=client')).stdout).toBe('configmap/a created (dry run)\n')
    expect((await cli.run(['get', 'cm'])).stdout).toBe('')
    await apply(configMap('a'))
    expect((await apply(configMap('a', { k: 'v' }), '--dry-run=client')).stdout).toBe(
      'configmap/a configured (dry run)\n',
    )
    const printed = await apply(configMap('a', { k: 'v' }), '--dry-run=server', '-o', 'jsonpath={.data.k}')
    expect(printed.stdout).toBe('v')
    expect(await cli.succeed(['get', 'cm/a', '-o', 'jsonpath={.data.k}'])).toBe('')
  })

  test('goes on after an object that is refused, and fails in the end', async () => {
    await apply(itemDefinition)
    const { code, stdout, stderr } = await apply(item('a', { brand: 'x', quantity: -1 }) + item('b'))
    expect(stdout).toBe('item.inventory.k1s.dev/b created\n')
    expect(stderr).toContain('spec.quantity')
    expect(code).toBe(1)
  })

  test('a kind and its objects may stand in one file', async () => {
    const { stdout, stderr } = await apply(itemDefinition + item('a'))
    expect({ stdout, stderr }).toEqual({
      stdout:
        'customresourcedefinition.apiextensions.k8s.io/items.inventory.k1s.dev created\nitem.inventory.k1s.dev/a created\n',
      stderr: '',
    })
  })

  test('-o name prints names, -o yaml objects', async () => {
    expect((await apply(configMap('a') + configMap('b'), '-o', 'name')).stdout).toBe(
      'configmap/a\nconfigmap/b\n',
    )
    expect((await apply(configMap('a'), '-o', 'yaml')).stdout).toMatch(/^apiVersion: v1\n/)
  })
})

describe('create and replace', () => {
  test('create from files and from flags', async () => {
    const file = cli.file('a.yaml', configMap('a') + configMap('b'))
    expect(await cli.succeed(['create', '-f', file])).toBe('configmap/a created\nconfigmap/b created\n')
    const again = await cli.run(['create', '-f', file])
    expect(again.stderr).toBe(
      `Error from server (AlreadyExists): error when creating ${JSON.stringify(file)}: configmaps "a" already exists\nError from server (AlreadyExists): error when creating ${JSON.stringify(file)}: configmaps "b" already exists\n`,
    )
    expect(again.code).toBe(1)
    expect(await cli.succeed(['create', 'ns', 'store'])).toBe('namespace/store created\n')
    cli.file('binary', '\ufffd')
    cli.file('vars.env', '# comment\nA=1\n\nB=x=y\n')
    expect(await cli.succeed(['create', 'cm', 'c', '--from-env-file=vars.env', '-n', 'store'])).toBe(
      'configmap/c created\n',
    )
    expect(await cli.succeed(['get', 'cm/c', '-n', 'store', '-o', 'jsonpath={.data}'])).toBe(
      '{"A":"1","B":"x=y"}',
    )
    expect(
      await cli.succeed([
        'create',
        'secret',
        'generic',
        's',
        '--from-literal=p=t0p',
        '--dry-run=client',
        '-o',
        'yaml',
      ]),
    ).toBe('apiVersion: v1\ndata:\n  p: dDBw\nkind: Secret\nmetadata:\n  name: s\n')
    expect(
      await cli.succeed([
        'create',
        'quota',
        'q',
        '--hard=pods=2',
        '--scopes=BestEffort',
        '--dry-run=client',
        '-o',
        'json',
      ]),
    ).toContain(
      '"spec": {\n        "hard": {\n            "pods": "2"\n        },\n        "scopes": [\n            "BestEffort"',
    )
    expect((await cli.run(['create', 'quota', 'q', '--hard=pods'])).stderr).toBe(
      'error: Invalid argument syntax pods, expected <resource>=<value>\n',
    )
    expect((await cli.run(['create', 'quota', 'q', '--hard=nothing=1'])).stderr).toMatch(
      /^error: failed to create quota: ResourceQuota "q" is invalid: \[spec\.hard\[nothing\]: /,
    )
    expect((await cli.run(['create', 'cm', 'd', '--from-file=nowhere'])).stderr).toBe(
      'error: error reading nowhere: no such file or directory\n',
    )
    expect((await cli.run(['create', 'cm', 'd', '--from-literal=a=1', '--from-literal=a=2'])).stderr).toBe(
      'error: cannot add key "a", another key by that name already exists in Data for ConfigMap "d"\n',
    )
  })

  test('a client-side dry run shows the empty structs of the types', async () => {
    const shown = (...args: string[]) => cli.succeed(['create', ...args, '--dry-run=client', '-o', 'yaml'])
    expect(await shown('ns', 'a')).toBe(
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\nspec: {}\nstatus: {}\n',
    )
    expect(await shown('quota', 'a')).toBe(
      'apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: a\nspec: {}\nstatus: {}\n',
    )
    expect(await shown('sa', 'a')).toBe('apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n')
    expect(await shown('secret', 'generic', 'a')).toBe('apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n')
    expect(await shown('cm', 'a')).toBe('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n')
  })

  test('replace takes the object as it is given, of the version that it names', async () => {
    await cli.succeed(['create', '-f', '-'], { input: configMap('a', { k: 'v', old: 'x' }) })
    const before = await cli.succeed(['get', 'cm/a', '-o', 'json'])
    expect(await cli.succeed(['replace', '-f', '-'], { input: configMap('a', { k: 'w' }) })).toBe(
      'configmap/a replaced\n',
    )
    expect(await cli.succeed(['get', 'cm/a', '-o', 'jsonpath={.data}'])).toBe('{"k":"w"}')
    const stale = await cli.run(['replace', '-f', '-'], { input: before })
    expect(stale.stderr).toBe(
      'Error from server (Conflict): error when replacing "STDIN": Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again\n',
    )
    expect(await cli.succeed(['replace', '--force', '-f', '-'], { input: configMap('a') })).toBe(
      'configmap "a" deleted from default namespace\nconfigmap/a replaced\n',
    )
    expect((await cli.run(['replace', '-f', '-'], { input: configMap('b') })).stderr).toBe(
      'Error from server (NotFound): error when replacing "STDIN": configmaps "b" not found\n',
    )
  })
})

describe('delete', () => {
  beforeEach(() =>
    cli.succeed(['create', '-f', '-'], {
      input: configMap('a') + configMap('b', {}, { labels: { x: '1' } }),
    }),
  )

  test.each([
    [['cm', 'a'], 'configmap "a" deleted from default namespace\n'],
    [
      ['cm/a', 'cm/b'],
      'configmap "a" deleted from default namespace\nconfigmap "b" deleted from default namespace\n',
    ],
    [['cm', '-l', 'x=1'], 'configmap "b" deleted from default namespace\n'],
    [['cm', '-l', 'x=2'], 'No resources found\n'],
    [
      ['cm', '--all'],
      'configmap "a" deleted from default namespace\nconfigmap "b" deleted from default namespace\n',
    ],
    [['cm', 'a', '-o', 'name'], 'configmap/a\n'],
    [['cm', 'a', '--now'], 'configmap "a" deleted from default namespace\n'],
    [['cm', 'x', '--ignore-not-found'], ''],
  ])('%j', async (args, printed) => {
    expect(await cli.succeed(['delete', ...args])).toBe(printed)
    const left = await cli.run(['get', 'cm', '-o', 'name'])
    expect(
      left.stdout.split('\n').filter((name) => name !== '' && printed.includes(`"${name.slice(10)}"`)),
    ).toEqual([])
  })

  test('a dry run deletes nothing', async () => {
    expect(await cli.succeed(['delete', 'cm', 'a', '--dry-run=server'])).toBe(
      'configmap "a" deleted from default namespace (server dry run)\n',
    )
    expect(await cli.succeed(['get', 'cm', '-o', 'name'])).toBe('configmap/a\nconfigmap/b\n')
  })

  test('what is missing is an error', async () => {
    expect(await cli.run(['delete', 'cm', 'x'])).toMatchObject({
      code: 1,
      stderr: 'Error from server (NotFound): configmaps "x" not found\n',
    })
  })

  test('waits for finalizers, unless told not to', async () => {
    await cli.succeed([
      'patch',
      'cm',
      'a',
      '--type=merge',
      '-p',
      'metadata: {finalizers: [test.k1s.dev/hold]}',
    ])
    expect(await cli.run(['delete', 'cm', 'a', '--timeout=300ms'])).toMatchObject({
      code: 1,
      stdout: 'configmap "a" deleted from default namespace\n',
      stderr: 'error: timed out waiting for the condition on configmaps/a\n',
    })
    expect(await cli.succeed(['delete', 'cm', 'a', '--wait=false'])).toBe(
      'configmap "a" deleted from default namespace\n',
    )
    const waiting = cli.start(['delete', 'cm', 'a'])
    await waiting.printed('deleted')
    await cli.succeed(['patch', 'cm', 'a', '--type=merge', '-p', 'metadata: {finalizers: null}'])
    expect(await waiting.result).toMatchObject({ code: 0 })
    expect(await cli.succeed(['get', 'cm', '-o', 'name'])).toBe('configmap/b\n')
  })

  test('a namespace goes with what is in it', async () => {
    await cli.succeed(['create', 'ns', 'store'])
    await cli.succeed(['create', 'cm', 'c', '-n', 'store'])
    expect(await cli.succeed(['delete', 'ns', 'store'])).toBe('namespace "store" deleted\n')
    expect((await cli.run(['get', 'cm', '-A', '-o', 'name'])).stdout).not.toContain('configmap/c')
  })
})

describe('patch', () => {
  beforeEach(() => cli.succeed(['create', '-f', '-'], { input: configMap('a', { k: 'v' }) }))
  const patch = (...args: string[]) => cli.run(['patch', 'cm', 'a', ...args])

  test('merge and JSON patches, from flags and files', async () => {
    expect((await patch('--type=merge', '-p', '{"data":{"k":"w"}}')).stdout).toBe('configmap/a patched\n')
    expect((await patch('--type=merge', '-p', '{"data":{"k":"w"}}')).stdout).toBe(
      'configmap/a patched (no change)\n',
    )
    expect((await patch('--type=json', '-p', '[{"op":"add","path":"/data/n","value":"1"}]')).stdout).toBe(
      'configmap/a patched\n',
    )
    const file = cli.file('patch.yaml', 'data:\n  k: null\n')
    expect((await patch('--type=merge', '--patch-file', file, '-o', 'jsonpath={.data}')).stdout).toBe(
      '{"n":"1"}',
    )
  })

  test('a strategic merge patch is the default', async () => {
    await cli.succeed(['create', 'sa', 's'])
    const patchSecrets = (...names: string[]) => {
      const secrets = names.map((name) => ({ name }))
      return cli.succeed(['patch', 'sa', 's', '-p', JSON.stringify({ secrets }), '-o', 'jsonpath={.secrets}'])
    }
    expect(await patchSecrets('x')).toBe('[{"name":"x"}]')
    expect(await patchSecrets('y')).toBe('[{"name":"y"},{"name":"x"}]')
    expect((await patch('-p', '{"metadata":{"ownerReferences":[{"name":"x"}]}}')).code).toBe(1)
  })

  test('a strategic merge patch of a custom resource says what is supported', async () => {
    await cli.succeed(['apply', '-f', '-'], { input: itemDefinition + item('a') })
    expect(await cli.run(['patch', 'item', 'a', '-p', '{"spec":{"quantity":2}}'])).toMatchObject({
      code: 1,
      stderr:
        'error: application/strategic-merge-patch+json is not supported by inventory.k1s.dev/v1, Kind=Item: the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml\nTry --type=merge or --type=json.\n',
    })
  })

  test('a file is patched locally', async () => {
    const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: s}\nsecrets: [{name: x}]\n'
    const local = (text: string, body: string) =>
      cli.run(['patch', '--local', '-f', '-', '-p', body, '-o', 'jsonpath={.secrets}{.spec}'], {
        input: text,
      })
    expect((await local(account, 'secrets: [{name: z}]')).stdout).toBe('[{"name":"z"},{"name":"x"}]')
    expect((await local(account, '[]')).stderr).toBe('error: invalid JSON document\n')
    expect((await local(account, '{foo')).stderr).toBe('error: invalid JSON document\n')
    const replaceField = '[{"op":"replace","path":"/x","value":1}]'
    const replaced = ['patch', '--local', '-f', '-', '--type=json', '-p', replaceField]
    expect((await cli.run(replaced, { input: account })).stderr).toBe(
      'error: Object to be patched is missing field (/x: missing value)\n',
    )
    await cli.succeed(['apply', '-f', '-'], { input: itemDefinition })
    expect((await local(item('a'), 'spec: {quantity: 2}')).stderr).toBe(
      'error: strategic merge patch is not supported for inventory.k1s.dev/v1, Kind=Item locally, try --type merge\n',
    )
  })

  test('a broken patch is refused', async () => {
    const key = "invalid character 'f' looking for beginning of object key string"
    for (const [args, problem] of [
      [['-p', '{foo'], `Error from server (BadRequest): ${key}`],
      [['--type=merge', '-p', '{foo'], `Error from server (BadRequest): error decoding patch: ${key}`],
      [
        ['--type=merge', '-p', '{"data": ['],
        'Error from server (BadRequest): error decoding patch: unexpected end of JSON input',
      ],
      [
        ['--type=json', '-p', '{"op": "remove"}'],
        'Error from server (BadRequest): error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
      ],
      [
        ['-p', 'a: b: c'],
        'error: unable to parse "a: b: c": yaml: line 1: mapping values are not allowed in this context',
      ],
    ] as const) {
      expect((await patch(...args)).stderr.replace(/ \(column \d+\)\n$/, '\n')).toBe(`${problem}\n`)
    }
    const failed = await patch('--type=json', '-p', '[{"op":"test","path":"/data/k","value":"x"}]')
    expect([failed.code, failed.stderr]).toEqual([
      1,
      'The request is invalid: the server rejected our request due to an error in our request: testing value /data/k failed: test failed\n',
    ])
  })
})

// Texts are those of k8s.io/kubectl/pkg/cmd/{label,annotate}.
describe('label and annotate', () => {
  beforeEach(() =>
    cli.succeed(['create', '-f', '-'], {
      input: configMap('a', {}, { labels: { x: '1' } }) + configMap('b'),
    }),
  )

  test.each([
    ['label cm a y=2', 'configmap/a labeled\n', ''],
    ['label cm a x=1', 'configmap/a not labeled\n', ''],
    ['label cm a x=2', '', "error: 'x' already has a value (1), and --overwrite is false\n"],
    ['label cm a x=2 --overwrite', 'configmap/a labeled\n', ''],
    ['label cm a x-', 'configmap/a unlabeled\n', ''],
    ['label cm a x- y=1', 'configmap/a modified\n', ''],
    ['label cm a z-', 'label "z" not found.\nconfigmap/a not labeled\n', ''],
    ['label cm --all t=1', 'configmap/a labeled\nconfigmap/b labeled\n', ''],
    ['label cm -l x=1 t=1', 'configmap/a labeled\n', ''],
    ['label cm a --list', 'x=1\n', ''],
    ['label cm a b --list', 'Listing labels for ConfigMap./a:\n x=1\nListing labels for ConfigMap./b:\n', ''],
    ['label cm a y=1 --dry-run=client', 'configmap/a labeled (dry run)\n', ''],
    ['label cm a y=1 --dry-run=server', 'configmap/a labeled (server dry run)\n', ''],
    ['label cm a y=a=b', '', 'error: invalid label spec: y=a=b\n'],
    [
      'label cm a b y=1 --resource-version=1',
      '',
      'error: --resource-version may only be used with a single resource\n',
    ],
    ['annotate cm a y=2', 'configmap/a annotated\n', ''],
    ['annotate cm a y=a=b', 'configmap/a annotated\n', ''],
    ['annotate cm a y- z=1', 'configmap/a annotated\n', ''],
    [
      'annotate cm a y- y=1',
      '',
      'error: can not both modify and remove the following annotation(s) in the same command: y\n',
    ],
  ])('%s', async (line, stdout, stderr) => {
    expect(await cli.run(line.split(' '))).toMatchObject({ stdout, stderr, code: stderr === '' ? 0 : 1 })
  })

  test('a label that is not valid is refused before anything is sent', async () => {
    expect((await cli.run(['label', 'cm', 'a', 'x=a b'])).stderr).toMatch(
      /^error: invalid label value: "x=a b": a valid label must be an empty string or consist of alphanumeric characters/,
    )
  })

  test('an annotation is not overwritten without --overwrite', async () => {
    await cli.succeed(['annotate', 'cm', 'a', 'n=1'])
    expect((await cli.run(['annotate', 'cm', 'a', 'n=2'])).stderr).toBe(
      "error: --overwrite is false but found the following declared annotation(s): 'n' already has a value (1)\n",
    )
    await cli.succeed(['annotate', 'cm', 'a', 'n=2', '--overwrite'])
    expect(await cli.succeed(['annotate', 'cm', 'a', '--list'])).toBe('n=2\n')
  })

  test('--resource-version is an optimistic lock', async () => {
    const { code, stderr } = await cli.run(['label', 'cm', 'a', 'y=1', '--resource-version=1'])
    expect(stderr).toMatch(
      /^Error from server \(Conflict\): Operation cannot be fulfilled on configmaps "a": the object has been modified/,
    )
    expect(code).toBe(1)
    const version = await cli.succeed(['get', 'cm/a', '-o', 'jsonpath={.metadata.resourceVersion}'])
    expect(await cli.succeed(['label', 'cm', 'a', 'y=1', `--resource-version=${version}`])).toBe(
      'configmap/a labeled\n',
    )
  })
})

test('delete -i lists what it found and deletes it only after a y', async () => {
  await cli.succeed(['create', 'cm', 'a'])
  await cli.succeed(['create', 'cm', 'b'])
  const ask = (input: string) => cli.succeed(['delete', 'cm', '--all', '-i'], { input })
  const question =
    'You are about to delete the following 2 resource(s):\nconfigmap/a\nconfigmap/b\nDo you want to continue? (y/N): '
  expect(await ask('n\n')).toBe(`${question}deletion is cancelled\n`)
  expect(await ask('')).toBe(`${question}deletion is cancelled\n`)
  expect(await ask('Y\n')).toBe(
    `${question}configmap "a" deleted from default namespace\nconfigmap "b" deleted from default namespace\n`,
  )
  expect(await ask('y\n')).toBe('No resources found\n')
})

test('apply view-last-applied prints what was applied last', async () => {
  const input = configMap('a', { k: 'v' })
  await cli.succeed(['apply', '-f', '-'], { input })
  expect(await cli.succeed(['apply', 'view-last-applied', 'cm/a'])).toContain(
    'data:\n  k: v\nkind: ConfigMap\n',
  )
  expect(await cli.succeed(['apply', 'view-last-applied', '-f', '-', '-o', 'json'], { input })).toMatch(
    /^\{\n {2}"apiVersion": "v1",\n {2}"data": \{\n {4}"k": "v"\n {2}\},\n/,
  )
  await cli.succeed(['create', 'cm', 'b'])
  expect((await cli.run(['apply', 'view-last-applied', 'cm', 'b'])).stderr).toBe(
    'error: no last-applied-configuration annotation found on resource: b\n',
  )
})

test('scripts may pass --request-timeout, --as and --cached', async () => {
  await cli.succeed(['create', 'cm', 'a', '--request-timeout=5s', '--as', 'ann'])
  await cli.succeed(['api-resources', '--cached'])
})
