import { spawnSync } from 'node:child_process'
import { readFileSync, symlinkSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { CliSandbox } from './cli-process.ts'

const pages = [
  '../README.md',
  '../../../README.md',
  '../../../docs/admission.md',
  '../../../docs/bulk.md',
  '../../../docs/cli.md',
  '../../../docs/controllers.md',
  '../../../docs/crds.md',
  '../../../docs/serve.md',
  '../../../docs/server-side-apply.md',
  '../../../docs/storage.md',
  '../../../examples/inventory-controllers/README.md',
]

interface Step {
  readonly command: string
  readonly output: string
}

/** The commands of all ```console blocks, with what is printed below them. */
function stepsOf(page: string): Step[] {
  const text = readFileSync(new URL(page, import.meta.url), 'utf8')
  const blocks = [...text.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map((match) => match[1]!)
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const hereDocument = /^.*<<EOF\n[\s\S]*?^EOF\n/m.exec(part)?.[0]
        const command = hereDocument ?? part.slice(0, part.indexOf('\n') + 1)
        return { command: command.trimEnd(), output: part.slice(command.length) }
      }),
  )
}

/** Pages for users of kubectl are skipped where it is not installed. */
const withoutKubectl = spawnSync('kubectl', ['version', '--client']).status !== 0

async function freePort(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return String(port)
}

describe.each(pages)('%s', (page) => {
  const steps = stepsOf(page)
  const needsKubectl = steps.some(({ command }) => /\bkubectl\b/.test(command))
  const cli = new CliSandbox()
  symlinkSync(fileURLToPath(new URL('../../../examples', import.meta.url)), join(cli.directory, 'examples'))
  afterAll(() => cli.remove())

  test.skipIf(needsKubectl && withoutKubectl)('every command prints what the page says', async () => {
    expect(steps.length).toBeGreaterThan(0)
    const port = await freePort()
    const env: { [name: string]: string } = {}
    for (const { command, output } of steps) {
      const here = command.replaceAll('/home/ann', cli.directory).replaceAll('6443', port)
      const { stdout, stderr } = await cli.shell(here, { env })
      const [, name, value] = /^export (\w+)=(\S+)$/.exec(here) ?? []
      if (name !== undefined) env[name] = value!
      const printed = (stderr + stdout)
        .replace(/(^| +)\d+s(?= {2}| ago|$)/gm, '$10s')
        .replaceAll(cli.directory, '/home/ann')
        .replaceAll(port, '6443')
      expect(`$ ${command}\n${printed}`).toBe(`$ ${command}\n${output}`)
    }
  })
})
