import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CliSandbox } from './cli-process.ts'
import { configMap, item, itemDefinition } from './inventory.ts'

let cli: CliSandbox
beforeEach(() => {
  cli = new CliSandbox()
})
afterEach(() => cli.remove())

const apply = (input: string, ...flags: string[]) => cli.run(['apply', '-f', '-', ...flags], { input })
const get = (name: string, path: string) => cli.succeed(['get', name, '-o', `jsonpath={${path}}`])

function account(...secrets: string[]): string {
  const list = secrets.map((name) => ({ name }))
  return `---\n${JSON.stringify({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 's' }, secrets: list })}\n`
}

// Texts and behaviour of Patcher, k8s.io/kubectl/pkg/cmd/apply/patcher.go.
describe('client-side apply', () => {
  test('merges the lists of a built-in kind by their keys, in the wanted order', async () => {
    await apply(account('a', 'b'))
    await cli.succeed(['patch', 'sa', 's', '-p', '{"secrets":[{"name":"theirs"}]}'])
    expect((await apply(account('c', 'a'))).stdout).toBe('serviceaccount/s configured\n')
    expect(await get('sa/s', '.secrets[*].name')).toBe('c theirs a')
  })

  test('replaces the lists of a custom resource', async () => {
    const tagged = (...tags: string[]) => item('a', { brand: 'x', tags })
    await apply(
      itemDefinition.replace(
        'shelf: {type',
        'tags: {type: array, items: {type: string}}\n              shelf: {type',
      ),
    )
    await apply(tagged('a'))
    await cli.succeed(['patch', 'item', 'a', '--type=merge', '-p', '{"spec":{"tags":["theirs","a"]}}'])
    await apply(tagged('a', 'b'))
    expect(await get('item/a', '.spec.tags')).toBe('["a","b"]')
  })

  test('a dry run of the client merges as the server would', async () => {
    await apply(account('a'))
    await cli.succeed(['patch', 'sa', 's', '-p', '{"secrets":[{"name":"theirs"}]}'])
    const { stdout } = await apply(account('b'), '--dry-run=client', '-o', 'jsonpath={.secrets[*].name}')
    expect(stdout).toBe('b theirs')
    expect(await get('sa/s', '.secrets[*].name')).toBe('theirs a')
  })

  test('with --overwrite=false refuses to change what others changed', async () => {
    await apply(configMap('a', { k: '1' }))
    await cli.succeed(['patch', 'cm', 'a', '-p', '{"data":{"k":"2"}}'])
    const { code, stderr } = await apply(configMap('a', { k: '3' }), '--overwrite=false')
    expect(stderr).toMatch(
      /^error: error when applying patch:\n\nto:\nResource: "\/v1, Resource=configmaps", GroupVersionKind: "\/v1, Kind=ConfigMap"\nName: "a", Namespace: "default"\nfor: "STDIN": error when patching "STDIN": creating patch with:\noriginal:\n\{.*\}\n\nmodified:\n\{.*\}\n\ncurrent:\n\{.*\}\n\nfor: patch:\ndata:\n {2}k: "3"\nmetadata:\n/,
    )
    expect(stderr).toContain('conflicts with changes made from original to current:\n')
    expect(code).toBe(1)
    expect((await apply(configMap('a', { k: '3' }))).code).toBe(0)
  })
})

test('a last-applied annotation that is no object is named', async () => {
  await apply(configMap('a', { k: '1' }))
  await cli.succeed([
    'annotate',
    'cm',
    'a',
    'kubectl.kubernetes.io/last-applied-configuration=[',
    '--overwrite',
  ])
  const { code, stderr } = await apply(configMap('a', { k: '2' }))
  expect(stderr).toMatch(/creating patch with:\noriginal:\n\[\nmodified:\n.*\nfor: invalid JSON document\n$/s)
  expect(code).toBe(1)
})

describe('server-side apply', () => {
  const applyServerSide = (input: string, ...flags: string[]) => apply(input, '--server-side', ...flags)
  /** Lines of manager, operation and fields of the data. */
  const managers = async (name: string) => {
    const { metadata } = JSON.parse(await cli.succeed(['get', name, '-o', 'json', '--show-managed-fields']))
    return metadata.managedFields.map(
      (entry: { manager: string; operation: string; fieldsV1: { 'f:data'?: object } }) =>
        `${entry.manager} ${entry.operation} ${Object.keys(entry.fieldsV1['f:data'] ?? {}).join(' ')}`.trimEnd(),
    )
  }

  test('creates and changes', async () => {
    expect(await applyServerSide(configMap('a', { k: '1' }))).toMatchObject({
      code: 0,
      stdout: 'configmap/a serverside-applied\n',
      stderr: '',
    })
    await applyServerSide(configMap('a', { l: '2' }))
    expect(await get('cm/a', '.data')).toBe('{"l":"2"}')
    expect(await managers('cm/a')).toEqual(['kubectl Apply f:l'])
  })

  test('names who owns a field and what can be done, and takes it with --force-conflicts', async () => {
    await applyServerSide(configMap('a', { k: '1', l: '1' }), '--field-manager=one')
    const { code, stdout, stderr } = await applyServerSide(configMap('a', { k: '2' }), '--field-manager=two')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(`error: Apply failed with 1 conflict: conflict with "one": .data.k
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
`)
    const forced = await applyServerSide(
      configMap('a', { k: '2' }),
      '--field-manager=two',
      '--force-conflicts',
    )
    expect(forced.stdout).toBe('configmap/a serverside-applied\n')
    expect(await managers('cm/a')).toEqual(['one Apply f:l', 'two Apply f:k'])
  })

  test('a dry run changes nothing', async () => {
    expect((await applyServerSide(configMap('a', { k: '1' }), '--dry-run=server')).stdout).toBe(
      'configmap/a serverside-applied (server dry run)\n',
    )
    expect((await cli.run(['get', 'cm', 'a'])).code).toBe(1)
  })

  test('takes over what client-side apply owned, and keeps its annotation', async () => {
    await apply(configMap('a', { k: '1', old: '1' }))
    expect(await managers('cm/a')).toEqual(['kubectl-client-side-apply Update . f:k f:old'])
    expect(await applyServerSide(configMap('a', { k: '2' }))).toMatchObject({ code: 0, stderr: '' })
    expect(await get('cm/a', '.data')).toBe('{"k":"2"}')
    expect(await managers('cm/a')).toEqual(['kubectl-last-applied Apply', 'kubectl Apply f:k'])
    const annotation = await get(
      'cm/a',
      '.metadata.annotations.kubectl\\.kubernetes\\.io/last-applied-configuration',
    )
    expect(JSON.parse(annotation).data).toEqual({ k: '2' })
    expect((await apply(configMap('a', { k: '2' }))).stderr).toBe('')
  })

  test('of the status owns the status', async () => {
    await apply(itemDefinition + item('a'))
    const status = JSON.parse(item('a').slice(4))
    const input = JSON.stringify({ ...status, spec: undefined, status: { phase: 'Sold' } })
    expect(await applyServerSide(input, '--subresource=status')).toMatchObject({
      code: 0,
      stdout: 'item.inventory.k1s.dev/a serverside-applied\n',
    })
    expect(await get('item/a', '.status.phase')).toBe('Sold')
    const { metadata } = JSON.parse(
      await cli.succeed(['get', 'item/a', '-o', 'json', '--show-managed-fields']),
    )
    expect(metadata.managedFields).toContainEqual(
      expect.objectContaining({ manager: 'kubectl', operation: 'Apply', subresource: 'status' }),
    )
  })
})

describe('managers', () => {
  test("have kubectl's names, unless --field-manager gives another", async () => {
    const names = async (name: string) =>
      (await get(name, '.metadata.managedFields[*].manager')).split(' ').sort()
    await cli.succeed(['create', 'cm', 'a', '--from-literal=k=v'])
    await cli.succeed(['label', 'cm', 'a', 'x=y'])
    await cli.succeed(['annotate', 'cm', 'a', 'x=y'])
    await cli.succeed(['patch', 'cm', 'a', '-p', '{"data":{"l":"w"}}'])
    await cli.succeed(['patch', 'cm', 'a', '-p', '{"data":{"m":"w"}}', '--field-manager=me'])
    expect(await names('cm/a')).toEqual([
      'kubectl-annotate',
      'kubectl-create',
      'kubectl-label',
      'kubectl-patch',
      'me',
    ])
    await cli.succeed(['replace', '-f', '-'], { input: configMap('a', { n: '1' }) })
    expect(await names('cm/a')).toEqual(['kubectl-create', 'kubectl-replace'])
  })

  test('are shown as JSON and YAML only where that is asked for, and always to a JSONPath', async () => {
    const created = ['create', 'cm', 'a', '--from-literal=k=v', '-o', 'yaml']
    expect(await cli.succeed([...created, '--dry-run=server'])).not.toContain('managedFields')
    expect(await cli.succeed([...created, '--show-managed-fields'])).toContain('manager: kubectl-create')
    expect(await cli.succeed(['get', 'cm', '-o', 'json'])).not.toContain('managedFields')
    expect(await cli.succeed(['get', 'cm', '-o', 'json', '--show-managed-fields'])).toContain(
      '"managedFields"',
    )
    const columns = ['get', 'cm/a', '-o', 'custom-columns=M:.metadata.managedFields[*].manager']
    expect(await cli.succeed(columns)).toBe('M\nkubectl-create\n')
    expect(await get('cm/a', '.metadata.managedFields[*].manager')).toBe('kubectl-create')
    expect(await cli.succeed(['describe', 'cm', 'a'])).not.toContain('kubectl-create')
  })
})

test.each([
  ['--subresource=status', '--subresource can only be specified for --server-side'],
  ['--force-conflicts', '--force-conflicts only works with --server-side'],
  ['--server-side --force', '--force cannot be used with --server-side'],
  [
    '--server-side --dry-run=client',
    "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
  ],
])('apply %s is refused', async (flags, message) => {
  expect(await apply(configMap('a'), ...flags.split(' '))).toMatchObject({
    code: 1,
    stderr: `error: ${message}\n`,
  })
})
