import { readFileSync } from 'node:fs'
import { formatGroupResource } from '@k1s/apimachinery'
import { ExitError, type Factory, formatError } from '@k1s/cli-runtime'
import type { WrittenKind } from '@k1s/controller-runtime'
import type { AfterWriteConfig, ProjectConfig } from '@k1s/controller-runtime/config'
import { type StoppedBySignal, setupSignalHandler } from '@k1s/core/work'
import { ReconcileProgress } from '../controller/reconcile-progress.ts'
import { describeReport, didFail, printFailures, type RunOutcome } from '../controller/run-report.ts'
import { loadProjectConfig } from '../project/load-project-config.ts'
import { createProjectManager } from '../project/open-project.ts'
import { runningError } from '../project/project-config-error.ts'
import { projectConfigFile } from '../project/project-config-file.ts'
import { mayHaveHook } from './may-have-hook.ts'
import { WriteRecorder } from './write-recorder.ts'

/** After a signal, reconciles that are under way have this long, milliseconds. */
const patience = 10_000

/** Runs the controllers of a project on what a command has written, if its `afterWrite` says so. */
export class AfterWriteHook {
  readonly recorder = new WriteRecorder()
  readonly #command: string

  /** `command` is its name: `apply`. */
  constructor(command: string) {
    this.#command = command
  }

  /**
   * Runs controllers on what was written since the last call. Throws an ExitError if they failed, which is then said. What was
   * written stays.
   */
  async run(factory: Factory): Promise<void> {
    const written = this.recorder.take()
    if (written === undefined) return
    // What the command has done is seen before what comes of it.
    factory.streams.out.flush()
    try {
      await this.#runOn(written, factory)
    } catch (error) {
      if (error instanceof ExitError) throw error
      factory.streams.err.write(
        `${formatError(error).message.replace(/^(error: )?/, 'error: controllers did not run: ')}\n`,
      )
      throw new ExitError()
    } finally {
      // Nor does anybody run controllers on what controllers have written.
      this.recorder.take()
    }
  }

  async #runOn(written: Written, factory: Factory): Promise<void> {
    const file = projectConfigFile(undefined)
    if (!mayHaveHook(readFileSync(file, 'utf8'))) return
    const config = await loadProjectConfig(file)
    if (!isWanted(config.afterWrite, this.#command, written)) return
    const { err } = factory.streams
    const manager = await createProjectManager(config, {
      file,
      factory,
      options: { gracefulShutdownTimeout: patience, log: { level: 'error', write: () => undefined } },
    })
    // Until now, a signal ends the process, whatever code of the project waits for.
    const stop = setupSignalHandler()
    const progress = new ReconcileProgress(err)
    let outcome: RunOutcome
    try {
      const onProgress = (now: Parameters<ReconcileProgress['show']>[0]) => progress.show(now)
      const report = await config.runAfterWrite(manager, { ...written, signal: stop, onProgress })
      const stoppedBy = stop.aborted ? (stop.reason as StoppedBySignal).signal : undefined
      const statuses = await statusesOf(config, manager, report)
      outcome = { report, statuses, now: manager.clock.now(), stoppedBy }
    } catch (error) {
      throw runningError(error, file)
    } finally {
      progress.clear()
    }
    const told = outcome.report.controllers.filter((one) => one.reconciles > 0 || one.outcome !== 'idle')
    if (told.length > 0) {
      const lines = told.map((one) => `${one.controller} ${describeReport(one, outcome)}`)
      err.write(`controllers: ${lines.join('; ')}\n`)
    }
    if (!stop.aborted && told.some((one) => one.outcome === 'interrupted')) {
      err.write('controllers: the deadline is over; what is left is for the next run\n')
    }
    printFailures(outcome, err)
    if (stop.aborted) throw new ExitError((stop.reason as StoppedBySignal).exitCode)
    if (didFail(outcome)) throw new ExitError()
  }
}

type Written = { readonly kinds?: readonly WrittenKind[] }
type Manager = Parameters<ProjectConfig['controllerStatuses']>[0]

/** What is pending is asked for only if something was done. */
function statusesOf(config: ProjectConfig, manager: Manager, { controllers }: RunOutcome['report']) {
  return controllers.some(({ reconciles }) => reconciles > 0) ? config.controllerStatuses(manager) : []
}

function isWanted(hook: AfterWriteConfig | undefined, command: string, { kinds }: Written): boolean {
  if (hook === undefined) return false
  const { commands, resources } = hook
  if (commands !== undefined && !commands.some((name) => name === command)) return false
  if (resources === undefined || kinds === undefined) return true
  return kinds.some(({ group, plural }) =>
    resources.includes(formatGroupResource({ group, resource: plural })),
  )
}
