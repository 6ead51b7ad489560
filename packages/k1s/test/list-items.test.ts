import { afterAll, expect, it } from 'vitest'
import { CliSandbox } from './cli-process.ts'

const cli = new CliSandbox()
afterAll(() => cli.remove())

const list = (items: unknown) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items })

it.each([
  [[5], 'expected an object with apiVersion and kind, not 5'],
  [[null], 'expected an object with apiVersion and kind, not null'],
  [['x'], 'expected an object with apiVersion and kind, not "x"'],
  [{}, 'items must be a list'],
])('a List whose items are %j says what is wrong', async (items, message) => {
  const { code, stderr } = await cli.run(['apply', '-f', '-'], { input: list(items) })
  expect(code).toBe(1)
  expect(stderr).toContain(message)
})

it('works without a home directory in the environment', async () => {
  expect(await cli.succeed(['get', 'ns'], { env: { HOME: undefined, K1S_CONFIG: undefined } })).toContain(
    'default',
  )
})
