import { sleep } from '@k1s/apimachinery'
import type { InformerCache } from '../cache/cache.ts'
import { keepTrying } from '../keep-trying.ts'
import type { ControllerSession, SessionOptions } from '../trigger/controller-session.ts'
import { MidwaySaves } from '../trigger/midway-saves.ts'
import { isTriggeredByEvents } from '../trigger/trigger.ts'
import { untilAborted } from '../until-aborted.ts'
import { abortPatience } from './abort-patience.ts'
import type { Controller } from './controller.ts'
import { ControllerSources } from './controller-sources.ts'

/** How often it is saved how far a controller is that does not come to rest, milliseconds. */
const saveInterval = 5000

export interface RunningControllerOptions extends Omit<SessionOptions, 'isNamed'> {
  readonly cache: InformerCache
  readonly lifecycleLogLevel: 'debug' | 'info'
  /** How long reconciles that are under way are waited for, milliseconds. */
  readonly gracePeriod: number
  /** Aborts when they are not to be waited for any longer. */
  readonly hurry: AbortSignal
  /**
   * Aborts when somebody asks for the Lease: nothing new is reconciled then, and what is under way is waited for, as long as it takes.
   * Default: never.
   */
  readonly wanted?: AbortSignal
}

/** A controller that keeps running, from when it is the holder of its Lease until it has given it back. */
export class RunningController {
  readonly #controller: Controller
  readonly #session: ControllerSession
  readonly #options: RunningControllerOptions
  /** Aborts when nothing new is to be reconciled. */
  readonly #intake: AbortSignal
  readonly #sources: ControllerSources
  /** Aborts reconciles that do not end by themselves. */
  readonly #reconciles = new AbortController()
  /** Once it is started: what the watches tell before that is not all that there is. */
  #saves: MidwaySaves | undefined

  constructor(controller: Controller, session: ControllerSession, options: RunningControllerOptions) {
    this.#controller = controller
    this.#session = session
    this.#options = options
    const { signal, wanted } = options
    this.#intake = wanted === undefined ? signal : AbortSignal.any([signal, wanted])
    this.#sources = new ControllerSources(controller, { ...options, onEvent: () => this.#saves?.soon() })
  }

  /** Starts all sources if events are a trigger, and waits until caches are whole. */
  async start(): Promise<void> {
    if (isTriggeredByEvents(this.#controller.triggers)) {
      await this.#sources.start()
      if (this.#options.signal.aborted) return
      const hasLooked = await this.#keepTrying('Failed to look for what was removed', () =>
        this.#session.lookAtRemovals(),
      )
      if (!hasLooked) return
      this.#session.follow(() => this.#sources.versions())
    }
    this.#saves = new MidwaySaves(this.#session, this.#options.clock, saveInterval)
    this.#saves.soon()
  }

  /** Reconciles until the signal or `wanted` aborts, and what is under way then until it has ended. */
  async work(): Promise<void> {
    const { clock, signal, hurry, gracePeriod, lifecycleLogLevel: level } = this.#options
    const { log, maxConcurrentReconciles } = this.#controller
    log[level]('Starting Controller')
    log[level]('Starting workers', { 'worker count': maxConcurrentReconciles })
    const ended = new AbortController()
    const working = this.#controller
      .work(this.#reconciles.signal, this.#intake, () => this.#saves?.soon())
      .finally(() => ended.abort())
    // Never throws. It is not waited for: a handler of what it lists may never end.
    void this.#periods()
    await Promise.race([working, untilAborted(this.#intake)])
    if (!signal.aborted) {
      log[level]('Lease is wanted by another process, waiting for all workers to finish')
      await Promise.race([working, untilAborted(signal)])
    }
    if (signal.aborted) log[level]('Shutdown signal received, waiting for all workers to finish')
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
    this.#saves?.end()
    if (this.#session.held?.isHeld() === true) {
      await this.#session
        .save()
        .catch((error) => this.#controller.log.error(error, 'The state of the controller could not be saved'))
    }
    await this.#session.end()
  }

  async #periods(): Promise<void> {
    const { clock } = this.#options
    if (!this.#controller.triggers.some(({ type }) => type === 'periodic')) return
    while (await this.#keepTrying('Failed to list for a period', () => this.#session.lookAtPeriod())) {
      // A period without objects has no reconcile after which it would be saved.
      this.#saves?.soon()
      await sleep(clock, this.#session.untilNextPeriod(), this.#intake)
    }
  }

  /** What cannot be read now may be read later. False if nothing new is to be reconciled before that. */
  #keepTrying(failure: string, look: () => Promise<void>): Promise<boolean> {
    const { clock } = this.#options
    const onFailure = (error: unknown) => this.#controller.log.error(error, failure)
    return keepTrying(look, { clock, signal: this.#intake, onFailure })
  }
}
