import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const demo = fileURLToPath(new URL('demo.mjs', import.meta.url))
const program = fileURLToPath(new URL('dist/restock.js', import.meta.url))

interface Result {
  readonly code: number | null
  readonly output: string
}

/** Runs a line of shell in `cwd` to its end; stdout and stderr are one output. */
function shell(line: string, cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Result> {
  const child = spawn(`{ ${line}; } 2>&1`, {
    shell: true,
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
}

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'k1s-inventory-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

describe('the demo', () => {
  const run = (env: NodeJS.ProcessEnv = {}) => shell(`'${process.execPath}' '${demo}'`, directory, env)

  test('applies, shows, changes, watches, restocks and deletes, and ends with 0', async () => {
    const { code, output } = await run()
    expect(code, output).toBe(0)
    /** What is printed between a command and the next one. */
    const after = (command: string) => {
      const start = output.indexOf(`$ ${command}`)
      expect(start, `${command} in\n${output}`).not.toBe(-1)
      const begin = output.indexOf('\n', start) + 1
      const ends = [output.indexOf('\n$ ', begin), output.indexOf('\n\n', begin)].filter((end) => end !== -1)
      return output.slice(begin, Math.min(...ends))
    }
    const definitions = 'customresourcedefinition.apiextensions.k8s.io'
    expect(output).toContain(`${definitions}/categories.inventory.k1s.dev created`)
    expect(output).toContain(`${definitions}/items.inventory.k1s.dev created`)
    expect(output.match(/^item\.inventory\.k1s\.dev\/\S+ created$/gm)).toHaveLength(12)
    expect(output.match(/^category\.inventory\.k1s\.dev\/\S+ created$/gm)).toHaveLength(3)
    expect(after('k1s get items\n').split('\n')).toHaveLength(13)
    expect(after('k1s get items -l team=engineering -o wide')).toMatch(/MODEL +PRICE +RESTOCKED\n/)
    expect(after('k1s get inventory -o name').split('\n')).toHaveLength(15)
    expect(after('k1s describe item')).toMatch(/^ {2}Condition: +Refurbished$/m)
    expect(after('k1s label item')).toBe('item.inventory.k1s.dev/hdmi-cable-3m labeled')
    expect(after(`k1s patch item hdmi-cable-3m --type=merge -p '{"spec":{"quantity":-1`)).toBe(
      [
        'The Item "hdmi-cable-3m" is invalid: ',
        '* spec.quantity: Invalid value: -1: spec.quantity in body should be greater than or equal to 0',
        '* spec.condition: Unsupported value: "Broken": supported values: "New", "Refurbished", "Used"',
      ].join('\n'),
    )
    expect(after('k1s patch item studio-display')).toMatch(
      /^item\S+ patched\n {2}\| studio-display +Apple +monitors +1 /,
    )
    expect(after('node ')).toBe(
      [
        'hdmi-cable-3m: 3 bought, for shelf A1',
        'k380-keyboard: 12 bought, for shelf A1',
        'latitude-7450: 4 bought, for shelf B1',
        'usb-c-cable-2m: 54 bought, for shelf A1',
      ].join('\n'),
    )
    expect(after('k1s get item k380-keyboard -o yaml')).toMatch(/^status:\n {2}lastOrder: 12$/m)
    expect(output).toMatch(/No resources found in default namespace\.\n\nDone\./)
  })

  test('starts afresh when it runs again, whatever contexts the user has', async () => {
    const env = { K1S_NAMESPACE: 'elsewhere', K1S_TENANT: 'other', K1S_DATA_DIR: '/nowhere' }
    const codes = [(await run(env)).code, (await run(env)).code]
    expect(codes).toEqual([0, 0])
  })

  test('ends with 1 and the command that failed', async () => {
    const { code, output } = await shell(`ulimit -f 0; '${process.execPath}' '${demo}'`, directory)
    expect(code).toBe(1)
    expect(output).toMatch(/^demo failed: `k1s apply -f \S+crds` ended with /m)
  })
})

describe('restock.ts', () => {
  test('fails where its kinds are not installed', async () => {
    const { code, output } = await shell(`'${process.execPath}' '${program}'`, directory, {
      K1S_DATA_DIR: join(directory, 'empty'),
    })
    expect(code).toBe(1)
    expect(output).toContain('StatusError: the server could not find the requested resource')
  })
})
