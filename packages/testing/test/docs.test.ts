import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const run = promisify(execFile)

/** The blocks of a page in a language, in order. */
function blocksOf(page: string, language: string): string[] {
  const text = readFileSync(join(root, page), 'utf8')
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm')
  return [...text.matchAll(fence)].map((match) => match[1]!)
}

/** Blocks belong to the file that one of them, or one before, names in its first line. */
function filesOf(page: string, first: string): Map<string, string> {
  const files = new Map<string, string>()
  let file = first
  for (const block of blocksOf(page, 'ts')) {
    file = /^\/\/ (\S+\.ts)\n/.exec(block)?.[1] ?? file
    files.set(file, `${files.get(file) ?? ''}${block}\n`)
  }
  return files
}

const configuration = {
  compilerOptions: {
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    rewriteRelativeImportExtensions: true,
    skipLibCheck: true,
    outDir: 'dist',
  },
}

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'k1s-docs-'))
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}')
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(configuration))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

async function compile(files: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, text] of files) writeFileSync(join(directory, name), text)
  await run(join(root, 'node_modules/.bin/tsc'), ['-p', directory]).catch(({ stdout }) => expect.fail(stdout))
}

const failed = ({ stdout, stderr }: { stdout: string; stderr: string }) => expect.fail(`${stdout}\n${stderr}`)

test('the program of the README prints what it says', async () => {
  const page = 'packages/testing/README.md'
  await compile(filesOf(page, 'program.ts'))
  const { stdout } = await run(process.execPath, [join(directory, 'dist/program.js')], { cwd: directory })
  expect(stdout).toBe(blocksOf(page, 'text').join(''))
})

test('the tests of docs/testing.md pass, under Vitest and node:test', async () => {
  await compile(filesOf('docs/testing.md', ''))
  const vitest = run(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--root',
      directory,
      '--dir',
      'dist',
      '--reporter=json',
    ],
    { cwd: directory },
  ).catch(failed)
  const node = run(
    process.execPath,
    ['--test', '--test-reporter=tap', join(directory, 'dist/restock.node.js')],
    {
      cwd: directory,
    },
  ).catch(failed)
  expect(JSON.parse((await vitest).stdout)).toMatchObject({
    success: true,
    numPassedTests: 6,
    numFailedTests: 0,
  })
  expect((await node).stdout).toContain('# pass 1')
})
