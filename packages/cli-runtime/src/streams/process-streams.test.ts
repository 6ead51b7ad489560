import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { colorize } from './color.ts'
import { MemoryOutput } from './memory-streams.ts'

let directory: string
let program: string

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'k1s-streams-'))
  program = join(directory, 'write-lines.mjs')
  const entry = fileURLToPath(new URL('../../test/programs/write-lines.ts', import.meta.url))
  await build({ entryPoints: [entry], outfile: program, bundle: true, platform: 'node', format: 'esm' })
})

afterAll(() => {
  rmSync(directory, { recursive: true })
})

const lines = (count: number) => Array.from({ length: count }, (_, line) => `line ${line}\n`).join('')

test('everything is out when the process ends, however much it is', () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, '200000'], { maxBuffer: 1 << 26 })
  expect(stdout.toString()).toBe(lines(200_000))
  expect([stderr.toString(), status]).toEqual(['half\n', 0])
})

test('what is written to stdout stands before what is written to stderr later', () => {
  const path = join(directory, 'both')
  const file = openSync(path, 'w')
  spawnSync(process.execPath, [program, '4'], { stdio: ['ignore', file, file] })
  closeSync(file)
  expect(readFileSync(path, 'utf8')).toBe('line 0\nline 1\nline 2\nhalf\nline 3\n')
})

test('a reader that leaves ends the program quietly', async () => {
  const child = spawn(process.execPath, [program, '5000000'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.once('data', () => child.stdout.destroy())
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect({ code, stderr: stderr.replace('half\n', '') }).toEqual({ code: 141, stderr: '' })
})

test.skipIf(!existsSync('/dev/full'))('a full disk is named with the stream that it cuts off', () => {
  const file = openSync('/dev/full', 'w')
  const { stderr, status } = spawnSync(process.execPath, [program, '1'], { stdio: ['ignore', file, 'pipe'] })
  closeSync(file)
  expect(stderr.toString()).toContain('Error: write /dev/stdout: no space left on device')
  expect(status).toBe(1)
})

test('a slow reader of a pipe that does not block gets everything', async () => {
  // Node makes the pipes of its children non-blocking on this side only; a shell in between shares its own.
  const child = spawn('/bin/sh', ['-c', `"${process.execPath}" "${program}" 100000 2>/dev/null`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  for await (const chunk of child.stdout) {
    text += chunk
    if (text.length < 200_000) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  expect(text).toBe(lines(100_000))
})

test('colours are written only where they are welcome', () => {
  expect(colorize(new MemoryOutput(), 'yellow', 'x')).toBe('x')
  expect(colorize(new MemoryOutput({ color: true }), 'yellow', 'x')).toBe('\u001b[33;1mx\u001b[0m')
})
