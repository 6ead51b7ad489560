import { expect, test } from 'vitest'
import { runChecks } from './run-checks.ts'
import { shutdownCheck } from './shutdown-check.ts'

test('a server is ready until it begins to shut down', async () => {
  let isShuttingDown = false
  const check = shutdownCheck(() => isShuttingDown)
  expect(await runChecks([check])).toEqual([{ name: 'shutdown' }])
  isShuttingDown = true
  const error = new Error('process is shutting down')
  expect(await runChecks([check])).toEqual([{ name: 'shutdown', error }])
})
