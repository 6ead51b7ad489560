import { formatDuration, sleep } from '@k1s/apimachinery'
import type { HeldLease } from '../leader-election/held-lease.ts'
import { ControllerSession } from '../trigger/controller-session.ts'
import { isTriggeredByEvents } from '../trigger/trigger.ts'
import type { Controller } from './controller.ts'
import { RunningController, type RunningControllerOptions } from './running-controller.ts'

/** How often it is tried to acquire a Lease that another process holds, milliseconds. */
const acquireInterval = 250
/** After how long it is tried again when the API could not be asked for the Lease, milliseconds. */
const failedAcquireInterval = 2000

/**
 * Runs a controller until the signal aborts: `Controller.Start`. What was pending and what was removed since it last ran is
 * handed over before it reconciles, with all objects, and from then on what the watches tell. When the Lease is lost, its
 * reconciles end, and it begins anew once the Lease can be had; the same when a run asks for the controller by its name, which has no
 * trigger of events: nothing is aborted then. Throws if a source does not start, or a reconcile goes on after
 * the grace period.
 */
export async function startController(
  controller: Controller,
  options: RunningControllerOptions,
): Promise<void> {
  while (!options.signal.aborted) {
    const lost = await holdAndRun(controller, options)
    if (controller.active.size > 0) throw lost ?? notEnded(options.gracePeriod)
    if (lost !== undefined) controller.log.error(lost, 'Lost lease, waiting for it')
  }
}

/** The error of `engageStopProcedure` when something goes on after the grace period, milliseconds. */
export function notEnded(gracePeriod: number): Error {
  const period = formatDuration(gracePeriod)
  return new Error(`failed waiting for all runnables to end within grace period of ${period}`)
}

/**
 * Runs the controller once it has its Lease. Returns why the Lease was lost, or undefined if the signal aborted or another process has
 * asked for the Lease.
 */
async function holdAndRun(controller: Controller, options: RunningControllerOptions): Promise<unknown> {
  const session = new ControllerSession(controller, { ...options, isNamed: false })
  const held = await becomeHolder(session, options)
  if (held === undefined) return undefined
  const run = new RunningController(controller, session, {
    ...options,
    signal: AbortSignal.any([options.signal, held.signal]),
    // Once the Lease is lost, somebody else may reconcile.
    hurry: AbortSignal.any([options.hurry, held.signal]),
    // What events make necessary is done here: nobody has to take the controller over for that.
    ...(!isTriggeredByEvents(controller.triggers) && { wanted: held.wanted }),
  })
  try {
    await run.start()
    await run.work()
  } finally {
    await run.end()
  }
  return held.signal.aborted ? held.signal.reason : undefined
}

/** Undefined if the signal aborts first. */
async function becomeHolder(
  session: ControllerSession,
  { clock, signal }: RunningControllerOptions,
): Promise<HeldLease | undefined> {
  while (!signal.aborted) {
    let wait = acquireInterval
    try {
      if (await session.tryBegin()) return session.held
    } catch (error) {
      if (!signal.aborted) session.controller.log.error(error, 'Failed to acquire lease')
      wait = failedAcquireInterval
    }
    await sleep(clock, wait, signal)
  }
  return undefined
}
