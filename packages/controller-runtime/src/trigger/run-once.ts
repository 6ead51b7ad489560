import { sleep } from '@k1s/apimachinery'
import type { Controller } from '../controller/controller.ts'
import type { RunOptions } from '../manager/manager.ts'
import type { RunReport } from './run-report.ts'
import { RunStop } from './run-stop.ts'
import { TriggeredRun, type TriggeredRunOptions } from './triggered-run.ts'

export interface RunOnceOptions extends TriggeredRunOptions {
  /** How long reconciles that are under way are waited for once the run has been told to stop, milliseconds. */
  readonly gracePeriod: number
}

/**
 * Runs controllers until none has anything to do: each round looks at what happened since the last one and reconciles
 * that, the effects of the other controllers included. A controller that cannot go on does not hold up the others.
 */
export async function runOnce(
  controllers: readonly Controller[],
  options: RunOnceOptions,
  limits: RunOptions,
): Promise<RunReport> {
  const { clock, gracePeriod, work } = options
  const startedAt = clock.now()
  const stop = new RunStop(clock, gracePeriod, limits, work?.hurry)
  const runs = controllers.map((controller) => new TriggeredRun(controller, options, limits, stop))
  try {
    while (!stop.intake.aborted) {
      const rounds = await Promise.all(runs.map((run) => run.round()))
      if (rounds.includes('worked')) {
        for (const run of runs) run.lookAgain()
        continue
      }
      // What another process has done may be news for a controller that has looked before.
      if (rounds.includes('elsewhere')) continue
      const delay = Math.min(...runs.map((run) => run.delay()))
      if (delay === Number.POSITIVE_INFINITY) break
      await sleep(clock, delay, stop.intake)
    }
    const reports = await Promise.all(runs.map((run) => run.end()))
    return { controllers: reports, duration: clock.now() - startedAt }
  } finally {
    stop.dispose()
  }
}
