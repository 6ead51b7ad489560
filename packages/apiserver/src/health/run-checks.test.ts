import { expect, test } from 'vitest'
import { runChecks } from './run-checks.ts'

test('a check that does not answer in time has failed, and is told to stop', async () => {
  let stopped: unknown
  const results = await runChecks(
    [
      { name: 'quick', check: async () => {} },
      {
        name: 'stuck',
        check: (signal) =>
          new Promise(() => {
            signal.addEventListener('abort', () => {
              stopped = signal.reason
            })
          }),
      },
    ],
    5,
  )
  const error = new Error('no answer within 5 ms')
  expect(results).toEqual([{ name: 'quick' }, { name: 'stuck', error }])
  expect(stopped).toEqual(error)
})

test('results are in the order of the checks', async () => {
  const names = ['c', 'a', 'b']
  const results = await runChecks(names.map((name) => ({ name, check: async () => {} })))
  expect(results.map(({ name }) => name)).toEqual(names)
})
