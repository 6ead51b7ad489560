import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CliSandbox } from './cli-process.ts'
import { configMap, item, itemDefinition } from './inventory.ts'

let cli: CliSandbox
beforeEach(() => {
  cli = new CliSandbox()
})
afterEach(() => cli.remove())

const run = (command: string, input: string, ...flags: string[]) =>
  cli.run([command, '-f', '-', ...flags], { input, env: { TMPDIR: cli.directory } })
const diff = (input: string, ...flags: string[]) => run('diff', input, ...flags)
/** The lines that were added and removed. */
const changes = (text: string) => text.split('\n').filter((line) => /^[+-](?![+-]{2} )/.test(line))

describe('diff', () => {
  test('ends with 0 and prints nothing if an apply would change nothing', async () => {
    await run('apply', configMap('a', { k: 'v' }))
    expect(await diff(configMap('a', { k: 'v' }))).toMatchObject({ code: 0, stdout: '', stderr: '' })
  })

  test('ends with 1 and prints what an apply would change, of kinds of all sorts', async () => {
    await run('apply', itemDefinition + item('a') + configMap('a', { k: 'v', old: 'x' }))
    const wanted = item('a', { brand: 'acme', quantity: 5 }) + configMap('a', { k: 'w' })
    const { code, stdout, stderr } = await diff(wanted)
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(changes(stdout).sort()).toEqual(
      [
        '+  generation: 2',
        '+  k: w',
        '+  quantity: 5',
        '-  generation: 1',
        '-  k: v',
        '-  old: x',
        '-  quantity: 1',
      ].sort(),
    )
    expect(stdout).toMatch(
      /^diff -u -N .*\/LIVE-\w+\/inventory\.k1s\.dev\.v1\.Item\.default\.a .*\/MERGED-\w+\/inventory/m,
    )
    expect(await cli.succeed(['get', 'cm/a', '-o', 'jsonpath={.data.k}'])).toBe('v')
    expect(readdirSync(cli.directory).filter((name) => /^(LIVE|MERGED)-/.test(name))).toEqual([])
  })

  test('shows an object that is not there yet', async () => {
    const { code, stdout } = await diff(configMap('a', { k: 'v' }))
    expect(code).toBe(1)
    expect(changes(stdout)).toContain('+kind: ConfigMap')
    expect((await cli.run(['get', 'cm', 'a'])).code).toBe(1)
  })

  test('--server-side shows what the server would make of it, and conflicts', async () => {
    await run('apply', configMap('a', { k: 'v' }), '--server-side', '--field-manager=one')
    const { code, stdout } = await diff(configMap('a', { l: 'w' }), '--server-side')
    expect(code).toBe(1)
    expect(changes(stdout)).toEqual(['+  l: w'])
    const conflict = await diff(configMap('a', { k: 'w' }), '--server-side')
    expect(conflict).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'Error from server (Conflict): Apply failed with 1 conflict: conflict with "one": .data.k\n',
    })
    const forced = await diff(
      configMap('a', { k: 'w' }),
      '--server-side',
      '--force-conflicts',
      '--show-managed-fields',
    )
    expect(changes(forced.stdout)).toEqual(
      expect.arrayContaining(['-  k: v', '+  k: w', '+    manager: kubectl']),
    )
  })

  test('masks the values of secrets, unless told not to', async () => {
    const secret = (p: string) =>
      JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { p } })
    await run('apply', secret('old'))
    expect(changes((await diff(secret('new'))).stdout)).toEqual(
      expect.arrayContaining(["-  p: '*** (before)'", "+  p: '*** (after)'"]),
    )
    expect(changes((await diff(secret('new'), '--show-secrets')).stdout)).toContain('+  p: bmV3')
  })

  test('runs the program of KUBECTL_EXTERNAL_DIFF, and ends with 2 where it fails', async () => {
    const external = (program: string) =>
      cli.run(['diff', '-f', '-'], { input: configMap('a'), env: { KUBECTL_EXTERNAL_DIFF: program } })
    expect(await external('echo -n; x')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/LIVE-\w+ .*MERGED-\w+ x\n$/),
    })
    expect(await external('no-such-program')).toMatchObject({
      code: 2,
      stderr:
        'error: failed to run "no-such-program": exec: "no-such-program": executable file not found in $PATH\n',
    })
    expect((await external('diff --no-such-flag')).stderr).toMatch(
      /\nerror: failed to run "diff": exit status 2\n$/,
    )
  })

  test('ends with 2 on mistakes', async () => {
    expect(await cli.run(['diff'])).toMatchObject({
      code: 2,
      stderr: 'error: must specify one of -f and -k\n',
    })
    expect((await cli.run(['diff', '--no-such-flag'])).code).toBe(2)
    expect((await diff(configMap('a'), '--force-conflicts')).stderr).toBe(
      'error: --force-conflicts only works with --server-side\n',
    )
    expect((await diff('kind: Nothing\napiVersion: v1\nmetadata: {name: a}\n')).code).toBe(2)
  })
})
