import type { ControllerReport, RunReport } from '../trigger/run-report.ts'

/** What two runs did, one after the other: what is left is what the later one left, for each controller. */
export function mergeReports(first: RunReport, second: RunReport): RunReport {
  const reports = new Map(first.controllers.map((report) => [report.controller, report]))
  for (const report of second.controllers) {
    const before = reports.get(report.controller)
    reports.set(report.controller, before === undefined ? report : merged(before, report))
  }
  return { controllers: [...reports.values()], duration: first.duration + second.duration }
}

function merged(before: ControllerReport, after: ControllerReport): ControllerReport {
  const isIdle = after.outcome === 'idle' && after.reconciles === 0
  return {
    ...after,
    // That another process has done the work says more than that nothing is left of it.
    ...(isIdle && before.outcome === 'elsewhere' && { outcome: before.outcome }),
    reconciles: before.reconciles + after.reconciles,
    failures: before.failures + after.failures,
  }
}
