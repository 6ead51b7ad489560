import { newLogger } from '@k1s/controller-runtime'
import { expect, it } from 'vitest'

it('writes lines with the fields of a zap logger', () => {
  const lines: string[] = []
  const clock = { now: () => Date.UTC(2026, 0, 1), setTimer: () => expect.fail() }
  const log = newLogger({ write: (line) => lines.push(line), clock })
    .withName('a')
    .withName('b')
  log.debug('not written')
  log.withValues({ name: 'laptop' }).info('Looked', { quantity: 3 })
  expect(lines).toEqual([
    '{"level":"info","ts":"2026-01-01T00:00:00.000Z","logger":"a.b","msg":"Looked","name":"laptop","quantity":3}\n',
  ])
})

it('writes why it leaves away a value that JSON cannot say, and all others', () => {
  const lines: string[] = []
  const cycle: { self?: unknown } = {}
  cycle.self = cycle
  const log = newLogger({ write: (line) => lines.push(line) }).withValues({ cycle })
  log.info('Looked', { big: 1n, quantity: 3 })
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      level: 'info',
      ts: expect.any(String),
      msg: 'Looked',
      cycleError: expect.stringContaining('circular'),
      bigError: 'Do not know how to serialize a BigInt',
      quantity: 3,
    },
  ])
})
