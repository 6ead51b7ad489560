import { type Clock, type ClockTimer, sleep } from '@k1s/apimachinery'
import type { Controller } from '../controller/controller.ts'
import { milliseconds } from '../duration.ts'
import type { RunOptions } from '../manager/manager.ts'
import type { PendingRequest } from '../queue/request-queue.ts'
import { ControllerSession, type SessionOptions } from './controller-session.ts'
import type { ControllerReport, RunReport } from './run-report.ts'

/** Until the holder of a controller is done, it is looked at this often, milliseconds. */
const holderPoll = { first: 10, last: 250 }
/** How often a run says and keeps how far it is, milliseconds. */
const progressInterval = 100
const saveInterval = 1000
/** How long a controller has nothing to do before that is kept, while the run goes on with others, milliseconds. */
const restBeforeSaving = 100
/** How long a reconcile has for ending once its signal has aborted, milliseconds. */
const lastMoments = 1000

export interface RunSurroundings extends Omit<SessionOptions, 'signal' | 'isNamed'> {
  /** How long reconciles that are under way are waited for once the run has been told to stop, milliseconds. */
  readonly gracePeriod: number
}

/**
 * Runs controllers until none has anything to do: each round looks at what happened since the last one and reconciles
 * that, the effects of the other controllers included. A controller that cannot go on does not hold up the others.
 */
export async function runOnce(
  controllers: readonly Controller[],
  surroundings: RunSurroundings,
  options: RunOptions,
): Promise<RunReport> {
  const startedAt = surroundings.clock.now()
  const stop = new StopSignals(surroundings.clock, surroundings.gracePeriod, options)
  const runs = controllers.map((controller) => new ControllerRun(controller, surroundings, options, stop))
  try {
    while (!stop.intake.aborted) {
      const rounds = await Promise.all(runs.map((run) => run.round()))
      if (rounds.includes('worked')) continue
      const delay = Math.min(...runs.map((run) => run.delay()))
      if (delay === Number.POSITIVE_INFINITY) break
      await sleep(surroundings.clock, delay, stop.intake)
    }
    const reports = await Promise.all(runs.map((run) => run.end()))
    return { controllers: reports, duration: surroundings.clock.now() - startedAt }
  } finally {
    stop.dispose()
  }
}

type Round = 'worked' | 'idle'

class ControllerRun {
  readonly #session: ControllerSession
  readonly #clock: Clock
  readonly #options: RunOptions
  readonly #stop: StopSignals
  readonly #before: { reconciles: number; failures: number }
  #isElsewhere = false
  #isDone = false
  #holderDelay: number | undefined
  /** Of reconciles, while this process is the holder. */
  #reconciles: AbortSignal
  #failure: { error: unknown } | undefined
  #nextProgress = 0
  #nextSave = 0
  #restTimer: ClockTimer | undefined
  #hasEnded = false
  /** As of when it failed. */
  #unfinished: readonly PendingRequest[] | undefined

  constructor(controller: Controller, surroundings: RunSurroundings, options: RunOptions, stop: StopSignals) {
    const isNamed = options.controllers !== undefined
    this.#session = new ControllerSession(controller, { ...surroundings, isNamed, signal: stop.intake })
    this.#clock = surroundings.clock
    this.#options = options
    this.#stop = stop
    this.#reconciles = stop.intake
    this.#before = { reconciles: controller.reconciles, failures: controller.failures }
  }

  /** Never throws: what goes wrong ends this controller's part of the run. */
  async round(): Promise<Round> {
    if (this.#isDone || this.#failure !== undefined) return 'idle'
    try {
      return await this.#round()
    } catch (error) {
      if (!this.#stop.intake.aborted) await this.#fail(error)
      return 'idle'
    }
  }

  /** After how many milliseconds there may be something to do again. */
  delay(): number {
    if (this.#isDone || this.#failure !== undefined) return Number.POSITIVE_INFINITY
    if (this.#holderDelay !== undefined) return this.#holderDelay
    if (this.#session.held === undefined) return Number.POSITIVE_INFINITY
    const now = this.#clock.now()
    let delay = Number.POSITIVE_INFINITY
    for (const pending of this.#session.controller.queue.pending()) {
      if (this.#waitsFor(pending)) delay = Math.min(delay, Math.max(pending.dueAt - now, 0))
    }
    return delay
  }

  readonly #waitsFor = ({ dueAt, failures }: PendingRequest) => {
    const { retryWithin = 1000, untilIdle = false } = this.#options
    return untilIdle || (failures > 0 && dueAt - this.#clock.now() <= milliseconds(retryWithin))
  }

  async end(): Promise<ControllerReport> {
    const session = this.#session
    const { controller } = session
    this.#unfinished ??= session.unfinished()
    const unfinished = this.#unfinished
    this.#hasEnded = true
    this.#restTimer?.cancel()
    if (session.held !== undefined) {
      try {
        if (!session.held.isHeld()) throw lostLease(controller)
        await session.save()
      } catch (error) {
        this.#failure = { error }
      }
      await session.end().catch((error) => {
        this.#failure ??= { error }
      })
    }
    return {
      controller: controller.name,
      ...this.#outcome(),
      reconciles: controller.reconciles - this.#before.reconciles,
      failures: controller.failures - this.#before.failures,
      errors: [...controller.failing.values()],
      pending: unfinished.length,
      nextDue: unfinished.reduce<number | undefined>(
        (next, { dueAt }) => (next === undefined || dueAt < next ? dueAt : next),
        undefined,
      ),
    }
  }

  /**
   * Lets go of the controller at once, since others may wait for it for as long as this run goes on. A look that failed may have
   * queued only some of the requests: what was saved before it holds.
   */
  async #fail(error: unknown): Promise<void> {
    const session = this.#session
    this.#failure = { error }
    this.#unfinished = session.unfinished()
    this.#hasEnded = true
    this.#restTimer?.cancel()
    if (session.held === undefined) return
    await session.end().catch((failure) => session.controller.log.error(failure, 'Failed to release lease'))
  }

  async #round(): Promise<Round> {
    const session = this.#session
    if (session.held === undefined && !(await this.#begin())) return 'idle'
    // A handler may take for ever.
    await Promise.race([session.look(), this.#stop.givenUp])
    if (this.#stop.intake.aborted) return 'idle'
    const { controller } = session
    if (session.hasNews) this.#keepAtRest()
    if (controller.queue.length === 0) return 'idle'
    const drained = controller.drain(
      this.#reconciles,
      () => this.#mayContinue(),
      () => this.#reconciled(),
    )
    await Promise.race([drained, this.#stop.givenUp])
    if (session.held?.isHeld() !== true) throw lostLease(controller)
    this.#keepAtRest()
    return 'worked'
  }

  /** Whether this process is the holder now. */
  async #begin(): Promise<boolean> {
    const session = this.#session
    const isWaiting = this.#holderDelay !== undefined
    if (isWaiting && (await session.isDoneElsewhere(this.#waitsFor))) {
      this.#isElsewhere = true
      this.#isDone = true
      return false
    }
    if (!isWaiting && !(await session.hasWork(this.#waitsFor))) return false
    if (await session.tryBegin()) {
      this.#reconciles = this.#stop.reconciles(session.held?.signal)
      this.#holderDelay = undefined
      this.#nextSave = this.#clock.now() + saveInterval
      return true
    }
    this.#holderDelay = Math.min((this.#holderDelay ?? holderPoll.first / 2) * 2, holderPoll.last)
    return false
  }

  #mayContinue(): boolean {
    return !this.#stop.intake.aborted && this.#session.held?.isHeld() === true
  }

  #reconciled(): void {
    if (this.#hasEnded) return
    const now = this.#clock.now()
    const { controller } = this.#session
    if (this.#options.onProgress !== undefined && now >= this.#nextProgress) {
      this.#nextProgress = now + progressInterval
      const reconciles = controller.reconciles - this.#before.reconciles
      this.#options.onProgress({ controller: controller.name, reconciles, queued: controller.queue.length })
    }
    if (now >= this.#nextSave) this.#saveMidway()
  }

  /**
   * The run may go on for long because of other controllers, and wait for a process that waits for it: only what is kept tells
   * others that nothing is left to do here.
   */
  #keepAtRest(delay = restBeforeSaving): void {
    if (this.#hasEnded) return
    this.#restTimer ??= this.#clock.setTimer(() => {
      this.#restTimer = undefined
      const { active, queue } = this.#session.controller
      if (active.size === 0 && queue.length === 0) this.#saveMidway()
    }, delay)
  }

  #saveMidway(): void {
    const { controller } = this.#session
    this.#nextSave = Number.POSITIVE_INFINITY
    void this.#session.saveMidway().then(
      () => {
        this.#nextSave = this.#clock.now() + saveInterval
      },
      (error) => {
        controller.log.error(error, 'The state of the controller could not be saved')
        this.#nextSave = this.#clock.now() + saveInterval
        this.#keepAtRest(saveInterval)
      },
    )
  }

  #outcome(): Pick<ControllerReport, 'outcome' | 'error'> {
    if (this.#failure !== undefined) return { outcome: 'failed', error: this.#failure.error }
    if (this.#isElsewhere) return { outcome: 'elsewhere' }
    return { outcome: this.#stop.intake.aborted ? 'interrupted' : 'idle' }
  }
}

function lostLease({ name }: Controller): Error {
  return new Error(`controller ${name} lost its Lease`)
}

/** When a run takes nothing new, and when its reconciles are told to end. */
class StopSignals {
  readonly #intake = new AbortController()
  readonly #reconciles = new AbortController()
  readonly #disposers: (() => void)[] = []
  /** Resolves when those that do not end are no longer waited for. */
  readonly givenUp: Promise<void>
  #giveUp: () => void = () => undefined

  constructor(clock: Clock, gracePeriod: number, { deadline, signal }: RunOptions) {
    this.givenUp = new Promise((resolve) => {
      this.#giveUp = resolve
    })
    if (deadline !== undefined) {
      const timer = clock.setTimer(
        () => this.#end(clock, 'the deadline of the run is over'),
        milliseconds(deadline),
      )
      this.#disposers.push(() => timer.cancel())
    }
    const onAbort = () => {
      this.#intake.abort(signal?.reason)
      const timer = clock.setTimer(() => this.#end(clock, 'the run was told to stop'), gracePeriod)
      this.#disposers.push(() => timer.cancel())
    }
    if (signal?.aborted) onAbort()
    signal?.addEventListener('abort', onAbort, { once: true })
    this.#disposers.push(() => signal?.removeEventListener('abort', onAbort))
  }

  /** Nothing new is reconciled. */
  get intake(): AbortSignal {
    return this.#intake.signal
  }

  /** The signal of reconciles, which end as well when a Lease is lost. */
  reconciles(lost: AbortSignal | undefined): AbortSignal {
    return lost === undefined ? this.#reconciles.signal : AbortSignal.any([this.#reconciles.signal, lost])
  }

  dispose(): void {
    for (const dispose of this.#disposers) dispose()
  }

  #end(clock: Clock, reason: string): void {
    this.#intake.abort(new Error(reason))
    this.#reconciles.abort(new Error(reason))
    const timer = clock.setTimer(this.#giveUp, lastMoments)
    this.#disposers.push(() => timer.cancel())
  }
}
