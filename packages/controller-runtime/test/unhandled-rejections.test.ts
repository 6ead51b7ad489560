import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleProcessScript, type ProcessScript } from '../../../test/process-script.ts'

let script: ProcessScript
beforeAll(async () => {
  script = await bundleProcessScript(new URL('./rejecting-process.ts', import.meta.url))
})
afterAll(() => script.remove())

/** What a process printed in which this rejects a promise that nobody awaits, and its exit code. */
async function run(who: 'reconcile' | 'somebody'): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [script.path, who])
  const texts = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    texts.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    texts.err += chunk
  })
  const [code] = await once(child, 'close')
  return { code, ...texts }
}

test('a rejection of what a reconcile left alone ends no process, also when its run is over', async () => {
  const { code, out, err } = await run('reconcile')
  expect({ code, out }).toEqual({ code: 0, out: 'idle\ngoing on\n' })
  const lines = err
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toMatchObject([
    { level: 'error', error: 'unhandled rejection: soon', reconcileID: expect.any(String), name: 'a' },
    { level: 'error', error: 'unhandled rejection: late', reconcileID: expect.any(String), name: 'a' },
  ])
})

test('a rejection of anything else ends the process as it would without a manager', async () => {
  const { code, out, err } = await run('somebody')
  expect({ code, out }).toEqual({ code: 1, out: 'idle\n' })
  expect(err).toContain('Error: of somebody')
})
