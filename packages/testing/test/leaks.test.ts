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

test('a thousand environments, with watches and requests that nobody ends, leave no memory, timer or handle', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script.path, itemDefinition])
  const { grown, resources } = JSON.parse(stdout)
  // A thousand environments that stay would be some 30 MiB; code that V8 compiles meanwhile is some 3 MiB.
  expect(grown).toBeLessThan(8 * 2 ** 20)
  expect(resources.filter((type: string) => !type.endsWith('Wrap'))).toEqual([])
})
