import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleProcessScript, type ProcessScript } from '../../../test/process-script.ts'

let script: ProcessScript
beforeAll(async () => {
  script = await bundleProcessScript(new URL('./cold-process.ts', import.meta.url))
})
afterAll(() => script.remove())

test.each([
  ['a manager that runs on', 'start'],
  ['a run until nothing is left', 'run'],
])('what the first write and %s import takes no time of a fake clock', async (_, mode) => {
  const { stdout } = await promisify(execFile)(process.execPath, [script.path, mode])
  expect(JSON.parse(stdout)).toEqual([0, 20, 40, 60])
})
