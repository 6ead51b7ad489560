import type { Clock } from '@k1s/apimachinery'
import type { Controller } from '../controller/controller.ts'
import { milliseconds } from '../duration.ts'
import { holderProcess } from '../leader-election/holder-process.ts'
import type { RunOptions } from '../manager/manager.ts'
import type { PendingRequest } from '../queue/request-queue.ts'
import { ControllerSession, type SessionOptions } from './controller-session.ts'
import { MidwaySaves } from './midway-saves.ts'
import type { ControllerReport } from './run-report.ts'
import type { RunStop } from './run-stop.ts'

/** How often it is looked whether the holder of a controller is done: first, and doubled up to the last; milliseconds. */
const holderPoll = { first: 10, last: 250 }
/** How often `onProgress` is called, milliseconds. */
const progressInterval = 100
/** How often it is saved how far a controller is that does not come to rest, milliseconds. */
const saveInterval = 1000

export type TriggeredRunOptions = Omit<SessionOptions, 'signal' | 'isNamed'>

/** Whether a round reconciled anything, or found that another process has done what there was to do. */
type Round = 'worked' | 'elsewhere' | 'idle'

/** The part of one controller in a triggered run. */
export class TriggeredRun {
  readonly #session: ControllerSession
  readonly #clock: Clock
  readonly #limits: RunOptions
  readonly #stop: RunStop
  /** The counts of the controller when the run began. */
  readonly #before: { readonly reconciles: number; readonly failures: number }
  /** Another process has done what there was to do. */
  #isElsewhere = false
  /** This process has worked since it was last asked what there is to do: there may be more. */
  #looksAgain = false
  /** How long to wait before the next look whether the holder is done, milliseconds. Undefined while nobody is waited for. */
  #holderDelay: number | undefined
  /** The signal of reconciles while this process is the holder. */
  #reconciles: AbortSignal
  #failure: { readonly error: unknown } | undefined
  #nextProgress = 0
  /**
   * Once this process is the holder. The run may go on for long because of other controllers, and even wait for a process that waits
   * for this one.
   */
  #saves: MidwaySaves | undefined
  /** The requests that were left when it ended. Undefined before. */
  #unfinished: readonly PendingRequest[] | undefined

  constructor(controller: Controller, options: TriggeredRunOptions, limits: RunOptions, stop: RunStop) {
    const isNamed = limits.controllers !== undefined
    this.#session = new ControllerSession(controller, { ...options, isNamed, signal: stop.intake })
    this.#clock = options.clock
    this.#limits = limits
    this.#stop = stop
    this.#reconciles = stop.intake
    this.#before = { reconciles: controller.reconciles, failures: controller.failures }
  }

  /** Never throws: what goes wrong ends this controller's part of the run. */
  async round(): Promise<Round> {
    if (this.#failure !== undefined || (this.#isElsewhere && !this.#looksAgain)) return 'idle'
    try {
      return await this.#round()
    } catch (error) {
      if (!this.#stop.intake.aborted) await this.#fail(error)
      return 'idle'
    }
  }

  /** To be called when a controller of this process has reconciled something: that may have made work for this one. */
  lookAgain(): void {
    this.#looksAgain = true
  }

  /** After how many milliseconds there may be something to do again; Infinity if there will not be. */
  delay(): number {
    if (this.#failure !== undefined) return Number.POSITIVE_INFINITY
    if (this.#holderDelay !== undefined) return this.#holderDelay
    if (this.#session.held === undefined) return Number.POSITIVE_INFINITY
    const now = this.#clock.now()
    let delay = Number.POSITIVE_INFINITY
    for (const pending of this.#session.controller.queue.pending()) {
      if (this.#waitsFor(pending)) delay = Math.min(delay, Math.max(pending.dueAt - now, 0))
    }
    return delay
  }

  /** Whether a request that is not due yet keeps the run from ending. */
  readonly #waitsFor = ({ dueAt, failures }: PendingRequest) => {
    const { retryWithin = 1000, untilIdle = false } = this.#limits
    return untilIdle || (failures > 0 && dueAt - this.#clock.now() <= milliseconds(retryWithin))
  }

  /** Saves how far it is and gives the Lease back. Never throws. */
  async end(): Promise<ControllerReport> {
    const session = this.#session
    const { controller } = session
    const unfinished = this.#stopWorking()
    if (session.held !== undefined) {
      try {
        if (!session.held.isHeld()) throw lostLease(controller)
        await session.save()
      } catch (error) {
        this.#failure = { error }
      }
      await session.end()
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

  /** Ends midway saves and progress. Returns the requests that are left, as of the first call. */
  #stopWorking(): readonly PendingRequest[] {
    this.#unfinished ??= this.#session.unfinished()
    this.#saves?.end()
    return this.#unfinished
  }

  /**
   * Gives the Lease back at once, since others may wait for it for as long as this run goes on with other controllers. Nothing is
   * saved: the look that failed may have queued only some of the requests, so that the state from before it is the true one.
   */
  async #fail(error: unknown): Promise<void> {
    this.#failure = { error }
    this.#stopWorking()
    await this.#session.end()
  }

  async #round(): Promise<Round> {
    const session = this.#session
    if (session.held === undefined) {
      const begun = await this.#begin()
      if (begun !== 'begun') return begun
    }
    // A handler of events may never end.
    await Promise.race([session.look(), this.#stop.givenUp])
    if (this.#stop.intake.aborted) return 'idle'
    const { controller } = session
    if (session.hasNews) this.#saves?.soon()
    if (controller.queue.length === 0) return 'idle'
    const drained = controller.drain(
      this.#reconciles,
      () => this.#mayContinue(),
      () => this.#reconciled(),
    )
    await Promise.race([drained, this.#stop.givenUp])
    if (session.held?.isHeld() !== true) throw lostLease(controller)
    return 'worked'
  }

  /** Becomes the holder if there is anything to do and nobody else is. */
  async #begin(): Promise<'begun' | 'elsewhere' | 'idle'> {
    const session = this.#session
    const isWaiting = this.#holderDelay !== undefined
    if (isWaiting && (await session.backlog.isDone(this.#waitsFor))) {
      this.#holderDelay = undefined
      this.#isElsewhere = true
      return 'elsewhere'
    }
    if (!isWaiting) {
      this.#looksAgain = false
      if (!(await session.backlog.hasWork(this.#waitsFor))) return 'idle'
      this.#isElsewhere = false
    }
    if (await session.tryBegin()) {
      this.#reconciles = this.#stop.reconciles(session.held!.signal)
      this.#holderDelay = undefined
      this.#saves = new MidwaySaves(session, this.#clock, saveInterval)
      return 'begun'
    }
    this.#holderDelay = Math.min((this.#holderDelay ?? holderPoll.first / 2) * 2, holderPoll.last)
    return 'idle'
  }

  #mayContinue(): boolean {
    return !this.#stop.intake.aborted && this.#session.held?.isHeld() === true
  }

  #reconciled(): void {
    if (this.#hasEnded) return
    const now = this.#clock.now()
    const { controller } = this.#session
    if (this.#limits.onProgress !== undefined && now >= this.#nextProgress) {
      this.#nextProgress = now + progressInterval
      const reconciles = controller.reconciles - this.#before.reconciles
      this.#limits.onProgress({ controller: controller.name, reconciles, queued: controller.queue.length })
    }
    this.#saves?.soon()
  }

  get #hasEnded(): boolean {
    return this.#unfinished !== undefined
  }

  #outcome(): Pick<ControllerReport, 'outcome' | 'error' | 'holder' | 'holderProcess'> {
    if (this.#failure !== undefined) return { outcome: 'failed', error: this.#failure.error }
    if (this.#isElsewhere) return { outcome: 'elsewhere' }
    if (!this.#stop.intake.aborted) return { outcome: 'idle' }
    return { outcome: 'interrupted', ...this.#awaitedHolder() }
  }

  #awaitedHolder(): Pick<ControllerReport, 'holder' | 'holderProcess'> {
    const holder = this.#holderDelay === undefined ? undefined : this.#session.otherHolder
    if (holder === undefined) return {}
    const process = holderProcess(holder)
    return { holder, ...(process !== undefined && { holderProcess: process }) }
  }
}

function lostLease({ name }: Controller): Error {
  return new Error(`controller ${name} lost its Lease`)
}
