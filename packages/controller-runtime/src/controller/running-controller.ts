import { type ClockTimer, sleep } from '@k1s/apimachinery'
import type { InformerCache } from '../cache/cache.ts'
import {
  type ControllerSession,
  restBeforeSaving,
  type SessionOptions,
} from '../trigger/controller-session.ts'
import { isTriggeredByEvents } from '../trigger/trigger.ts'
import { untilAborted } from '../until-aborted.ts'
import { abortPatience } from './abort-patience.ts'
import type { Controller } from './controller.ts'
import { ControllerSources } from './controller-sources.ts'

/** How often it is saved how far a controller is that does not come to rest, milliseconds. */
const saveInterval = 5000
/** After how long a list for a period that failed is tried again, milliseconds. */
const periodRetry = 1000

export interface RunningControllerOptions extends Omit<SessionOptions, 'isNamed'> {
  readonly cache: InformerCache
  readonly lifecycleLogLevel: 'debug' | 'info'
  /** How long reconciles that are under way are waited for, milliseconds. */
  readonly gracePeriod: number
  /** Aborts when they are not to be waited for any longer. */
  readonly hurry: AbortSignal
}

/** A controller that keeps running, from when it is the holder of its Lease until it has given it back. */
export class RunningController {
  readonly #controller: Controller
  readonly #session: ControllerSession
  readonly #options: RunningControllerOptions
  readonly #sources: ControllerSources
  /** Aborts reconciles that do not end by themselves. */
  readonly #reconciles = new AbortController()
  #saveTimer: ClockTimer | undefined
  #savedAt = 0
  /** Between `start` and `end`: what the watches have told counts as reached, and is saved. */
  #isFollowing = false

  constructor(controller: Controller, session: ControllerSession, options: RunningControllerOptions) {
    this.#controller = controller
    this.#session = session
    this.#options = options
    this.#sources = new ControllerSources(controller, { ...options, onEvent: () => this.#saveSoon() })
  }

  /** Starts all sources if events are a trigger, and waits until caches are whole. */
  async start(): Promise<void> {
    if (isTriggeredByEvents(this.#controller.triggers)) {
      await this.#sources.start()
      if (this.#options.signal.aborted) return
      await this.#session.lookAtRemovals()
    }
    this.#isFollowing = true
    this.#saveSoon()
  }

  /** Reconciles until the signal aborts, and what is under way then until it has ended. */
  async work(): Promise<void> {
    const { clock, signal, hurry, gracePeriod, lifecycleLogLevel: level } = this.#options
    const { log, maxConcurrentReconciles } = this.#controller
    log[level]('Starting Controller')
    log[level]('Starting workers', { 'worker count': maxConcurrentReconciles })
    const ended = new AbortController()
    const working = this.#controller
      .work(this.#reconciles.signal, signal, () => this.#saveSoon())
      .finally(() => ended.abort())
    // Never throws. It is not waited for: a handler of what it lists may never end.
    void this.#periods()
    await Promise.race([working, untilAborted(signal)])
    log[level]('Shutdown signal received, waiting for all workers to finish')
    await sleep(clock, gracePeriod, AbortSignal.any([ended.signal, hurry]))
    this.#reconciles.abort(new Error(`the controller ${this.#controller.name} was told to stop`))
    await sleep(clock, abortPatience, ended.signal)
    if (!ended.signal.aborted) return
    await working
    log[level]('All workers finished')
  }

  /** Ends the sources, saves how far it is and gives the Lease back. */
  async end(): Promise<void> {
    this.#sources.end()
    try {
      if (this.#session.held?.isHeld() === true) await this.#save(() => this.#session.save())
    } finally {
      this.#isFollowing = false
      this.#saveTimer?.cancel()
      await this.#session.end()
    }
  }

  async #periods(): Promise<void> {
    const { clock, signal } = this.#options
    if (!this.#controller.triggers.some(({ type }) => type === 'periodic')) return
    while (!signal.aborted) {
      const wait = await this.#lookAtPeriod()
      await sleep(clock, wait, signal)
    }
  }

  /** Returns the milliseconds until the next look. A list that fails is tried again, since it may succeed later. */
  async #lookAtPeriod(): Promise<number> {
    try {
      await this.#session.lookAtPeriod()
      // A period without objects has no reconcile after which it would be saved.
      this.#saveSoon()
      return this.#session.untilNextPeriod()
    } catch (error) {
      if (!this.#options.signal.aborted) this.#controller.log.error(error, 'Failed to list for a period')
      return periodRetry
    }
  }

  /** Saves how far it is when the controller comes to rest, or from time to time while it does not. */
  #saveSoon(delay = restBeforeSaving): void {
    if (!this.#isFollowing) return
    const { clock } = this.#options
    this.#saveTimer ??= clock.setTimer(() => {
      this.#saveTimer = undefined
      const { queue, active } = this.#controller
      const rests = active.size === 0 && queue.length === 0
      if (rests || clock.now() >= this.#savedAt + saveInterval) {
        void this.#save(() => this.#session.saveMidway())
      } else this.#saveSoon()
    }, delay)
  }

  /** Never throws: a save that fails is logged and tried again. */
  async #save(save: () => Promise<void>): Promise<void> {
    this.#savedAt = this.#options.clock.now()
    if (this.#isFollowing) this.#session.reached(this.#sources.versions())
    try {
      await save()
    } catch (error) {
      this.#controller.log.error(error, 'The state of the controller could not be saved')
      // Triggered runs beside this one wait for the state.
      this.#saveSoon(saveInterval)
    }
  }
}
