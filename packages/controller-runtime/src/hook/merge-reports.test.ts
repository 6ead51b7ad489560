import { expect, it } from 'vitest'
import type { ControllerReport, RunReport } from '../trigger/run-report.ts'
import { mergeReports } from './merge-reports.ts'

const report = (...controllers: Partial<ControllerReport>[]): RunReport => ({
  controllers: controllers.map((one) => ({
    controller: 'a',
    outcome: 'idle',
    reconciles: 0,
    failures: 0,
    errors: [],
    pending: 0,
    nextDue: undefined,
    ...one,
  })),
  duration: 5,
})

it('adds up what was done, and has what is left from the later run', () => {
  const first = report(
    { reconciles: 3, failures: 1, pending: 2, nextDue: 7 },
    { controller: 'b', reconciles: 1 },
  )
  const merged = mergeReports(first, report({ reconciles: 1, pending: 1, nextDue: 9 }, { controller: 'c' }))
  expect(merged).toEqual({
    ...report(
      { reconciles: 4, failures: 1, pending: 1, nextDue: 9 },
      { controller: 'b', reconciles: 1 },
      { controller: 'c' },
    ),
    duration: 10,
  })
})

it('forgets a failure that the later run did not find', () => {
  const first = report({ outcome: 'failed', error: new Error('lost') })
  expect(mergeReports(first, report({})).controllers).toEqual(report({}).controllers)
})

it('says that another process has worked, also if nothing is left then', () => {
  const first = report({ outcome: 'elsewhere' })
  expect(mergeReports(first, report({})).controllers).toMatchObject([{ outcome: 'elsewhere' }])
  expect(mergeReports(first, report({ reconciles: 1 })).controllers).toMatchObject([{ outcome: 'idle' }])
})
