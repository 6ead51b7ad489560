import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleProcessScript, type ProcessScript } from '../../../test/process-script.ts'

let script: ProcessScript
beforeAll(async () => {
  script = await bundleProcessScript(new URL('./idle-process.ts', import.meta.url))
})
afterAll(() => script.remove())

test('a manager that has nothing to do keeps its process until the signal', async () => {
  const child = spawn(process.execPath, [script.path], { stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
    if (printed === 'running\n') setTimeout(() => child.kill('SIGTERM'), 50)
  })
  const [code] = await once(child, 'close')
  expect({ code, printed }).toEqual({ code: 0, printed: 'running\nstopped\n' })
})

test('a run with a reconcile that never ends keeps its process until the signal', async () => {
  const child = spawn(process.execPath, [script.path, 'endless'], { stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
    if (printed === 'reconciling\n') setTimeout(() => child.kill('SIGTERM'), 50)
  })
  const [code] = await once(child, 'close')
  expect({ code, printed }).toEqual({ code: 0, printed: 'reconciling\ninterrupted\n' })
})
