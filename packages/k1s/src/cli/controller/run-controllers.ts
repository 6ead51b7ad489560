import { type Clock, formatDuration, sleep, systemClock } from '@k1s/apimachinery'
import { ExitError, type Factory } from '@k1s/cli-runtime'
import type { Controller } from '@k1s/controller-runtime'
import type { ProjectManagerOptions } from '@k1s/controller-runtime/config'
import { type StoppedBySignal, setupSignalHandler } from '@k1s/core/work'
import type { Invocation } from '../command.ts'
import { openProject, type Project } from '../project/open-project.ts'
import { runningError } from '../project/project-config-error.ts'
import { projectConfigFile } from '../project/project-config-file.ts'
import { controllerName } from './controller-name.ts'
import { ReconcileProgress } from './reconcile-progress.ts'
import type { RunFlags } from './run.ts'
import { didFail, printFailures, printReport, type RunOutcome } from './run-report.ts'

/** Runs controllers as the flags say, until they have done what is due or a signal comes. */
export async function runControllers({ flags, args, factory }: Invocation<RunFlags>): Promise<void> {
  const { err } = factory.streams
  const progress = new ReconcileProgress(err)
  const say = (text: string) => {
    progress.clear()
    err.write(`${text}\n`)
    err.flush()
  }
  const project = await openProject(projectConfigFile(flags.projectConfig), factory, {
    gracefulShutdownTimeout: flags.shutdownTimeout,
    // This command says itself when it follows and stops.
    lifecycleLogLevel: 'debug',
    log: logOptions(flags, say),
  })
  // Until now, a signal ends the process, whatever code of the project waits for.
  const stop = setupSignalHandler(['SIGINT', 'SIGTERM', 'SIGHUP'])
  stop.addEventListener('abort', () => {
    const patience = formatDuration(flags.shutdownTimeout)
    say(
      `Stopping after ${reasonOf(stop).signal}: reconciles under way have ${patience} to finish. A second signal ends them at once.`,
    )
  })
  const setting: Setting = { flags, names: args.map(controllerName), factory, project, stop, progress }
  if (flags.follow) return follow(setting, say)
  if (flags.every !== undefined) return runEvery(setting, flags.every)
  const outcome = await runOnce(setting)
  if (stop.aborted && isInterrupted(outcome)) throw new ExitError(reasonOf(stop).exitCode)
  if (didFail(outcome) || isInterrupted(outcome)) throw new ExitError()
}

interface Setting {
  readonly flags: RunFlags
  readonly names: readonly string[]
  readonly factory: Factory
  readonly project: Project
  readonly stop: AbortSignal
  readonly progress: ReconcileProgress
}

function logOptions(
  { follow = false, logLevel = follow ? 'info' : 'none' }: RunFlags,
  write: (line: string) => void,
): NonNullable<ProjectManagerOptions['log']> {
  if (logLevel === 'none') return { level: 'error', write: () => undefined }
  return { level: logLevel, write: (line) => write(line.trimEnd()) }
}

async function runOnce({ flags, names, factory, project, stop, progress }: Setting): Promise<RunOutcome> {
  const { manager, config, file } = project
  try {
    const report = await manager.runOnce({
      ...(names.length > 0 && { controllers: names }),
      untilIdle: flags.untilIdle === true,
      ...(flags.deadline !== undefined && { deadline: flags.deadline }),
      signal: stop,
      onProgress: (now) => progress.show(now),
    })
    const stoppedBy = stop.aborted ? reasonOf(stop).signal : undefined
    const statuses = await config.controllerStatuses(manager)
    const outcome = { report, statuses, now: manager.clock.now(), stoppedBy }
    progress.clear()
    await printReport(outcome, flags.output, factory.streams.out)
    factory.streams.out.flush()
    printFailures(outcome, factory.streams.err)
    return outcome
  } catch (error) {
    throw runningError(error, file)
  } finally {
    progress.clear()
  }
}

/** A run that fails does not end it: what could not be reconciled is tried again by a later one. */
async function runEvery(setting: Setting, interval: number): Promise<void> {
  const clock: Clock = systemClock
  for (let due = clock.now(); !setting.stop.aborted; due = Math.max(due + interval, clock.now())) {
    await sleep(clock, due - clock.now(), setting.stop)
    if (!setting.stop.aborted) await runOnce(setting)
  }
}

async function follow({ factory, project, stop }: Setting, say: (text: string) => void): Promise<void> {
  say(introduction(project.manager.controllers))
  try {
    await project.manager.start(stop)
  } catch (error) {
    throw runningError(error, project.file)
  }
  const { work } = await factory.runtime()
  for (const { kind, description } of work?.list() ?? []) say(`left: ${kind} ${description}`)
}

/** `Following with 2 controllers: queue, audit; not with purge, whose only trigger is manual` */
function introduction(controllers: readonly Controller[]): string {
  const isManual = ({ triggers }: Controller) => triggers.every(({ type }) => type === 'manual')
  const names = controllers.filter((one) => !isManual(one)).map(({ name }) => name)
  const count = `${names.length} ${names.length === 1 ? 'controller' : 'controllers'}`
  const left = controllers.filter(isManual).map(({ name }) => name)
  return [
    `Following with ${count}${names.length === 0 ? '' : `: ${names.join(', ')}`}`,
    ...(left.length === 0 ? [] : [`not with ${left.join(', ')}, whose only trigger is manual`]),
  ].join('; ')
}

function isInterrupted({ report }: RunOutcome): boolean {
  return report.controllers.some(({ outcome }) => outcome === 'interrupted')
}

function reasonOf(stop: AbortSignal): StoppedBySignal {
  return stop.reason as StoppedBySignal
}
