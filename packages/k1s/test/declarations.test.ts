import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** What can be imported: `k1s`, `@k1s/core/events`. */
const modules = readdirSync(join(root, 'packages')).flatMap((directory) => {
  const { name, exports } = JSON.parse(
    readFileSync(join(root, 'packages', directory, 'package.json'), 'utf8'),
  )
  return Object.keys(exports as object)
    .filter((path) => path !== './package.json')
    .map((path) => join(name, path))
})

// Each in a program of its own: one of them must not bring along what another one needs.
test('the declarations of each module compile in a project that has heard of neither disposables nor Node', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'k1s-declarations-'))
  try {
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
    writeFileSync(join(directory, 'package.json'), '{"type":"module"}')
    const compilerOptions = {
      lib: ['es2023'],
      module: 'nodenext',
      strict: true,
      skipLibCheck: false,
      noEmit: true,
    }
    const references = modules.map((name, index) => {
      const path = `${index}.json`
      writeFileSync(join(directory, `${index}.ts`), `export * from '${name}'\n`)
      writeFileSync(join(directory, path), JSON.stringify({ compilerOptions, files: [`${index}.ts`] }))
      return { path }
    })
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ files: [], references }))
    const compile = promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-b', directory])
    await compile.catch(({ stdout }) => expect.fail(stdout))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})
