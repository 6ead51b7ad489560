import { humanDuration } from '@k1s/apimachinery'
import { formatError, type OutputStream, type TextWriter } from '@k1s/cli-runtime'
import type { ControllerReport, RunReport } from '@k1s/controller-runtime'
import type { ControllerStatus } from '@k1s/controller-runtime/config'
import type { StopSignal } from '@k1s/core/work'

/** More failures of a controller are only counted. */
const maxFailures = 10

/** What a run did, and what is known of the controllers since. */
export interface RunOutcome {
  readonly report: RunReport
  readonly statuses: readonly ControllerStatus[]
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The signal that ended it; undefined if none came, so that what was interrupted was so by the deadline. */
  readonly stoppedBy: StopSignal | undefined
}

/** Whether a controller failed, or an object that it did not come to terms with. A retry that helped is no failure. */
export function didFail({ report }: RunOutcome): boolean {
  return report.controllers.some(
    ({ outcome, failures, errors }) => outcome === 'failed' || (failures > 0 && errors.length > 0),
  )
}

export async function printReport(
  outcome: RunOutcome,
  format: string | undefined,
  out: TextWriter,
): Promise<void> {
  if (format === 'json') out.write(`${JSON.stringify(plainReport(outcome), undefined, 4)}\n`)
  else if (format === 'yaml') {
    const { encodeYaml } = await import('@k1s/apimachinery/yaml')
    out.write(encodeYaml(plainReport(outcome)))
  } else {
    for (const report of outcome.report.controllers) {
      const line = `controller/${report.controller}`
      out.write(`${format === 'name' ? line : `${line} ${describeReport(report, outcome)}`}\n`)
    }
  }
}

/** What could not be reconciled, an error on each line. */
export function printFailures({ report }: RunOutcome, err: OutputStream): void {
  for (const { controller, outcome, error, failures, errors } of report.controllers) {
    if (outcome === 'failed') err.write(`error: controller/${controller}: ${messageOf(error)}\n`)
    if (failures === 0) continue
    for (const { request, error } of errors.slice(0, maxFailures)) {
      err.write(`error: controller/${controller}: ${describeRequest(request)}: ${messageOf(error)}\n`)
    }
    const more = errors.length - maxFailures
    if (more > 0) err.write(`error: controller/${controller}: ${more} more could not be reconciled\n`)
  }
}

/** `reconciled 12 (2 failed), 1 pending, next in 30s` */
export function describeReport(report: ControllerReport, outcome: RunOutcome): string {
  const failures = report.failures === 0 ? '' : ` (${report.failures} failed)`
  const parts = [`reconciled ${report.reconciles}${failures}`]
  if (report.outcome === 'failed') parts.push('failed')
  if (report.outcome === 'interrupted') {
    parts.push(`interrupted by ${outcome.stoppedBy ?? 'the deadline'}`)
    if (report.holder !== undefined)
      parts.push(`held by ${describeHolder(report.holder, report.holderProcess)}`)
  }
  if (report.outcome === 'elsewhere') parts.push('done by another process')
  const { pending, nextDue } = remaining(report, outcome)
  if (pending > 0) parts.push(`${pending} pending`)
  if (nextDue !== undefined) {
    const seconds = Math.max(Math.round((nextDue - outcome.now) / 1000), 1)
    parts.push(nextDue <= outcome.now ? 'next now' : `next in ${humanDuration(seconds * 1000)}`)
  }
  return parts.join(', ')
}

/** `HOST/PID`, as in `controller list`, or what other programs call themselves. */
function describeHolder(holder: string, process: ControllerReport['holderProcess']): string {
  if (process === undefined) return holder
  const { host, pid, state } = process
  return `${host}/${pid}${state === 'stopped' ? ' (stopped)' : ''}`
}

/** A controller that had nothing to do does not report what was pending before. The store knows it. */
function remaining(
  report: ControllerReport,
  { statuses }: RunOutcome,
): Pick<ControllerStatus, 'pending' | 'nextDue'> {
  return statuses.find(({ controller }) => controller === report.controller) ?? report
}

function plainReport(outcome: RunOutcome) {
  const { controllers, duration } = outcome.report
  return {
    controllers: controllers.map((report) => {
      const { pending, nextDue } = remaining(report, outcome)
      return {
        controller: report.controller,
        outcome: report.outcome,
        ...(report.outcome === 'interrupted' && { interruptedBy: outcome.stoppedBy ?? 'deadline' }),
        ...(report.holder !== undefined && { holder: report.holder }),
        ...(report.holderProcess !== undefined && { holderProcess: report.holderProcess }),
        ...(report.error !== undefined && { error: messageOf(report.error) }),
        reconciles: report.reconciles,
        failures: report.failures,
        errors: report.errors.map(({ request, error }) => ({ ...request, error: messageOf(error) })),
        pending,
        ...(nextDue !== undefined && { nextDue: new Date(nextDue).toISOString() }),
      }
    }),
    durationMs: Math.round(duration),
  }
}

function describeRequest({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return namespace === '' ? name : `${namespace}/${name}`
}

function messageOf(error: unknown): string {
  return formatError(error).message.replace(/^error: /, '')
}
