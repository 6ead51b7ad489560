import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleProcessScript, type ProcessScript } from '../../../test/process-script.ts'
import { itemDefinition } from './inventory.ts'

let script: ProcessScript
beforeAll(async () => {
  script = await bundleProcessScript(new URL('./many-environments.ts', import.meta.url))
})
afterAll(() => script.remove())

/** V8 else compiles and learns for a thousand environments and more, which takes megabytes; so it is done with that after the first. */
const settled = ['--no-opt', '--always-sparkplug', '--no-lazy-feedback-allocation']

test('two hundred environments, with watches and requests that nobody ends, leave no memory, timer or handle', async () => {
  const args = ['--expose-gc', ...settled, script.path, itemDefinition]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const { kept, grown, resources } = JSON.parse(stdout)
  expect(kept).toBe(0)
  // What else each may leave. A whole environment would be some 30 KiB.
  expect(grown / 200).toBeLessThan(2048)
  expect(resources).toEqual([])
})
