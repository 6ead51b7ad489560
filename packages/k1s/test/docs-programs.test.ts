import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ServerProcess } from './server-process.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const pages = [
  'README.md',
  'docs/admission.md',
  'docs/api.md',
  'docs/bulk.md',
  'docs/controllers.md',
  'docs/crds.md',
  'docs/server-side-apply.md',
  'docs/storage.md',
  'packages/controller-runtime/README.md',
]
const run = promisify(execFile)

/** The blocks of a page in a language, in order. */
function blocksOf(page: string, language: string): string[] {
  const text = readFileSync(join(root, page), 'utf8')
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm')
  return [...text.matchAll(fence)].map((match) => match[1]!)
}

const configuration = {
  compilerOptions: {
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    skipLibCheck: true,
  },
}

describe.each(pages)('the TypeScript of %s', (page) => {
  const program = blocksOf(page, 'ts').join('\n')
  const server = program.includes('connect()') ? new ServerProcess('memory') : undefined
  let directory: string
  beforeAll(async () => {
    await server?.start()
    directory = mkdtempSync(join(tmpdir(), 'k1s-docs-'))
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
    writeFileSync(join(directory, 'package.json'), '{"type":"module"}')
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(configuration))
  })
  afterAll(async () => {
    rmSync(directory, { recursive: true, force: true })
    await server?.stop()
    server?.sandbox.remove()
  })

  test('is one program, which compiles and prints what the text blocks say', async () => {
    writeFileSync(join(directory, 'program.ts'), program)
    const compile = run(join(root, 'node_modules/.bin/tsc'), ['-p', directory])
    await compile.catch(({ stdout }) => expect.fail(stdout))
    const { stdout } = await run(process.execPath, ['program.js'], {
      cwd: directory,
      env: { ...process.env, KUBECONFIG: server?.kubeconfig ?? '' },
    })
    expect(stdout).toBe(blocksOf(page, 'text').join(''))
  })
})
