import type { RunReport } from '../trigger/run-report.ts'

/** What two runs did, one after the other: outcomes are those of the later one, for each controller. */
export function mergeReports(first: RunReport, second: RunReport): RunReport {
  const reports = new Map(first.controllers.map((report) => [report.controller, report]))
  for (const report of second.controllers) {
    const before = reports.get(report.controller)
    // It found nothing to do, and did not look at what is pending.
    if (before !== undefined && report.outcome === 'idle' && report.reconciles === 0) continue
    reports.set(report.controller, {
      ...report,
      reconciles: report.reconciles + (before?.reconciles ?? 0),
      failures: report.failures + (before?.failures ?? 0),
    })
  }
  return { controllers: [...reports.values()], duration: first.duration + second.duration }
}
