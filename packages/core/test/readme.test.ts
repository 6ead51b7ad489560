import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as core from '@k1s/core'
import { expect, test, vi } from 'vitest'

test('the example of the README runs and prints what it says', async () => {
  const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8')
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? ''
  const body = example
    .replace(/^import (.*) from '@k1s\/core'$/m, 'const $1 = core')
    // Not every Node that runs the tests knows the syntax.
    .replace('await using runtime', 'const runtime')
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  try {
    const run = new Function('core', `return (async () => {${body}\nawait runtime.close() })()`)
    await run(core)
    expect(log.mock.calls).toEqual([['ADDED', 'laptop', { quantity: 4 }]])
  } finally {
    log.mockRestore()
  }
})
