import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LmdbEngine } from '@k1s/storage-lmdb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CliSandbox } from './cli-process.ts'
import { configMap, item, itemDefinition } from './inventory.ts'

let cli: CliSandbox
beforeEach(() => {
  cli = new CliSandbox()
})
afterEach(() => cli.remove())

/** Fails in one way or another, but never with a stack trace. */
async function fails(args: readonly string[], input?: string): Promise<string> {
  const { code, stderr } = await cli.run(args, input === undefined ? {} : { input })
  expect(code).toBe(1)
  expect(stderr).not.toMatch(/^ {4}at /m)
  expect(stderr).not.toContain('internal error')
  return stderr
}

describe('files', () => {
  test('broken YAML is reported with file and line, and changes nothing', async () => {
    const file = cli.file('broken.yaml', `${configMap('good')}---\nkind: ConfigMap\nmetadata:\n  name: [a\n`)
    const message = await fails(['apply', '-f', file])
    expect(message).toContain('broken.yaml')
    expect(message).toMatch(/line \d|:\d+/)
  })

  test.each(['apply', 'create', 'import'])(
    '%s refuses an integer that would become another',
    async (command) => {
      await cli.succeed(['apply', '-f', '-'], { input: itemDefinition })
      await Promise.all(
        ['9007199254740993', '9223372036854775807', '18446744073709551615'].map(async (integer) => {
          const json = item('a', { brand: 'acme', quantity: 0 }).replace(':0}', `:${integer}}`)
          const yaml = json.slice(4).replaceAll('"', '').replaceAll(':', ': ').replace(' v1', 'v1')
          for (const input of [json, yaml]) {
            expect(await fails([command, '-f', '-'], input)).toContain(
              `the integer ${integer} of field "spec.quantity" cannot be kept exactly`,
            )
          }
        }),
      )
      expect(await cli.succeed(['get', 'items', '-o', 'name'])).toBe('')
    },
  )

  test('an unknown kind says what to do', async () => {
    const message = await fails(['apply', '-f', '-'], item('a'))
    expect(message).toContain('no matches for kind "Item" in version "inventory.k1s.dev/v1"')
    expect(message).toContain('ensure CRDs are installed first')
  })

  test('a wrong apiVersion names the kind and the version', async () => {
    await cli.succeed(['apply', '-f', '-'], { input: itemDefinition })
    const message = await fails(
      ['apply', '-f', '-'],
      item('a').replace('inventory.k1s.dev/v1', 'inventory.k1s.dev/v9'),
    )
    expect(message).toContain('no matches for kind "Item" in version "inventory.k1s.dev/v9"')
  })

  test.each([
    ['{"kind":"ConfigMap","metadata":{"name":"a"}}', 'apiVersion not set'],
    ['{"apiVersion":"v1","metadata":{"name":"a"}}', 'kind not set'],
    ['just text', 'STDIN'],
    [
      `${configMap('a', {}, { namespace: 'other' })}`,
      'the namespace from the provided object "other" does not match the namespace "default"',
    ],
  ])('%s is refused', async (input, message) => {
    expect(await fails(['apply', '-n', 'default', '-f', '-'], input)).toContain(message)
  })

  test('a file that does not exist', async () => {
    expect(await fails(['apply', '-f', 'nowhere.yaml'])).toBe(
      'error: the path "nowhere.yaml" does not exist\n',
    )
  })

  test('an unknown field is refused, warned of or dropped, as --validate says', async () => {
    await cli.succeed(['apply', '-f', '-'], { input: itemDefinition })
    const input = item('a', { brand: 'x', colour: 'red' })
    expect(await fails(['apply', '-f', '-'], input)).toContain('unknown field "spec.colour"')
    const warned = await cli.run(['apply', '-f', '-', '--validate=warn'], { input })
    expect(warned).toMatchObject({ code: 0, stdout: 'item.inventory.k1s.dev/a created\n' })
    expect(warned.stderr).toMatch(/^Warning: .*unknown field "spec.colour"\n$/)
    expect(await cli.run(['apply', '-f', '-', '--validate=false'], { input })).toMatchObject({
      code: 0,
      stderr: '',
    })
  })

  test('a patch that is refused is shown with what it was for', async () => {
    await cli.succeed(['apply', '-f', '-'], { input: itemDefinition })
    await cli.succeed(['apply', '-f', '-'], { input: item('a', { brand: 'x' }) })
    const stale = item('a', { brand: 'y' }, { resourceVersion: '1' })
    const file = cli.file('two.yaml', `${configMap('m')}---\n${stale}`)
    const message = await fails(['apply', '-f', file])
    const name = JSON.stringify(file)
    expect(message).toMatch(
      /^Error from server \(Conflict\): error when applying patch:\n\{"metadata":.*\}\nto:\n/,
    )
    expect(message).toContain(
      `}\nto:\nResource: "inventory.k1s.dev/v1, Resource=items", GroupVersionKind: "inventory.k1s.dev/v1, Kind=Item"\nName: "a", Namespace: "default"\nfor: ${name}: error when patching ${name}: `,
    )
    expect(message).toContain('the object has been modified')
  })

  test('an object without a name cannot be applied', async () => {
    expect(await fails(['apply', '-f', '-'], 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n')).toBe(
      'error: error when retrieving current configuration of:\nResource: "/v1, Resource=configmaps", GroupVersionKind: "/v1, Kind=ConfigMap"\nName: "", Namespace: "default"\nfrom server for: "STDIN": resource name may not be empty\n',
    )
  })

  test('an invalid object names every field that is wrong', async () => {
    await cli.succeed(['apply', '-f', '-'], { input: itemDefinition })
    const message = await fails(['create', '-f', '-'], item('a', { quantity: -1 }))
    expect(message).toContain('The Item "a" is invalid: \n* spec.')
    expect(message).toContain('spec.brand: Required value')
    expect(message).toContain('spec.quantity: Invalid value: -1')
  })

  test('an object of 5 MB is too large, and none of it is stored', async () => {
    const message = await fails(
      ['create', '-f', '-'],
      configMap('big', { text: 'x'.repeat(5 * 1024 * 1024) }),
    )
    expect(message).toMatch(/too (large|long)|RequestEntityTooLarge/i)
    expect((await cli.run(['get', 'cm'])).stderr).toBe('No resources found in default namespace.\n')
  })
})

describe('the data directory', () => {
  test('is a file', async () => {
    writeFileSync(cli.dataDirectory, 'x')
    expect(await fails(['get', 'cm'])).toContain(cli.dataDirectory)
  })

  test.runIf(process.getuid?.() === 0)('belongs to somebody else and cannot be written', async () => {
    await cli.succeed(['create', 'cm', 'a'])
    chmodSync(cli.directory, 0o755)
    const { code, stderr } = await cli.run(['create', 'cm', 'b'], { uid: 65534 })
    expect(code).toBe(1)
    expect(stderr).toContain(cli.dataDirectory)
    expect(stderr).not.toMatch(/^ {4}at /m)
  })

  test('was written by a newer version', async () => {
    // The layout of `@k1s/storage`: under the key 1 the format, then revisions.
    const engine = new LmdbEngine({ path: cli.dataDirectory })
    const meta = Buffer.alloc(24)
    meta.writeUInt32BE(999)
    await engine.write((transaction) => transaction.put(Buffer.from([1]), meta))
    await engine.close()
    expect(await fails(['get', 'cm'])).toContain('was written by a newer k1s (format 999')
  })

  test('the memory backend keeps nothing and creates nothing', async () => {
    mkdirSync(join(cli.directory, 'empty'))
    await cli.succeed(['--storage=memory', '--data-dir=empty', 'create', 'cm', 'a'])
    expect((await cli.run(['--storage=memory', '--data-dir=empty', 'get', 'cm'])).stdout).toBe('')
    expect(readdirSync(join(cli.directory, 'empty'))).toEqual([])
  })
})

test('a tenant does not see the objects of another', async () => {
  await cli.succeed(['create', 'cm', 'a', '--tenant=one'])
  expect((await cli.run(['get', 'cm', '--tenant=two'])).stdout).toBe('')
  expect(await cli.run(['get', 'ns', '--tenant=two'])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'No resources found\n',
  })
  for (const tenant of ['..', 'a/b', 'a%2fb', 'x'.repeat(300)]) {
    expect(await fails(['get', 'cm', `--tenant=${tenant}`])).toMatch(/tenant/)
  }
})

test('a field selector that is not supported names the resource as Go prints it', async () => {
  expect(await fails(['get', 'cm', '--field-selector=data.a=b'])).toContain(
    'Unable to find "/v1, Resource=configmaps" that match label selector "", field selector "data.a=b": ',
  )
})

test('-v=9 shows where an error happened', async () => {
  const { stderr } = await cli.run(['get', 'cm', 'x', '-v=9'])
  expect(stderr).toMatch(/^Error from server \(NotFound\): configmaps "x" not found\n[\s\S]*\n {4}at /)
})
