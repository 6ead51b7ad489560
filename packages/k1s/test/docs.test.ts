import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { CliSandbox } from './cli-process.ts'

const pages = [
  '../README.md',
  '../../../README.md',
  '../../../docs/admission.md',
  '../../../docs/cli.md',
  '../../../docs/crds.md',
  '../../../docs/server-side-apply.md',
  '../../../docs/storage.md',
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

describe.each(pages)('%s', (page) => {
  const cli = new CliSandbox()
  symlinkSync(fileURLToPath(new URL('../../../examples', import.meta.url)), join(cli.directory, 'examples'))
  afterAll(() => cli.remove())

  test('every command prints what the page says', async () => {
    const steps = stepsOf(page)
    expect(steps.length).toBeGreaterThan(0)
    for (const { command, output } of steps) {
      const { stdout, stderr } = await cli.shell(command)
      const printed = (stderr + stdout)
        .replace(/( +)\d+s(?= {2}|$)/gm, '$10s')
        .replaceAll(cli.directory, '/home/ann')
      expect(`$ ${command}\n${printed}`).toBe(`$ ${command}\n${output}`)
    }
  })
})
