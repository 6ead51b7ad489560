import type { ControllerReport } from '@k1s/controller-runtime'
import { expect, it } from 'vitest'
import { describeReport } from './run-report.ts'

const idle: ControllerReport = {
  controller: 'tick',
  outcome: 'idle',
  reconciles: 1,
  failures: 0,
  errors: [],
  pending: 0,
  nextDue: undefined,
}

it.each([
  [2030, 'next in 2s'],
  [1970, 'next in 2s'],
  [1, 'next in 1s'],
  [0, 'next now'],
])('what is due in %i ms is told in seconds, but not as due now: %s', (dueIn, text) => {
  const report = { ...idle, nextDue: 1_000_000 + dueIn }
  const outcome = {
    report: { controllers: [report], duration: 0 },
    statuses: [],
    now: 1_000_000,
    stoppedBy: undefined,
  }
  expect(describeReport(report, outcome)).toBe(`reconciled 1, ${text}`)
})
