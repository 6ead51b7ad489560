import { type ClockTimer, formatDuration, sleep, type Unstructured } from '@k1s/apimachinery'
import type { HandlerRegistration } from '@k1s/core/informers'
import type { InformerCache } from '../cache/cache.ts'
import { MergedRegistration } from '../cache/merged-informer.ts'
import { milliseconds } from '../duration.ts'
import type { HeldLease } from '../leader-election/held-lease.ts'
import { dispatchCreate, dispatchDelete, dispatchUpdate } from '../source/dispatch-event.ts'
import type { KindSource, RunningSource, Source } from '../source/source.ts'
import { ControllerSession, type SessionOptions } from '../trigger/controller-session.ts'
import { resourceIn, resourceOf } from '../trigger/replay.ts'
import { isState } from '../trigger/state-store.ts'
import { untilAborted } from '../until-aborted.ts'
import type { Controller } from './controller.ts'

/** How often the holder of a Lease is looked at, also one that could not be; and how far the controller is is kept; milliseconds. */
const acquireInterval = 250
const failedAcquireInterval = 2000
const saveInterval = 5000
/** How long a controller has nothing to do before it keeps that, milliseconds. */
const restBeforeSaving = 100
/** How long reconciles have for ending once their signal has aborted, milliseconds. */
export const lastMoments = 1000
/** When a list for a period that failed is tried again, milliseconds. */
const periodRetry = 1000
const defaultCacheSyncTimeout = 120_000

export interface StartControllerOptions extends Omit<SessionOptions, 'isNamed'> {
  readonly cache: InformerCache
  readonly lifecycleLogLevel: 'debug' | 'info'
  /** How long reconciles that are under way are waited for, milliseconds. */
  readonly gracePeriod: number
  /** Aborts when they are not to be waited for any longer. */
  readonly hurry: AbortSignal
}

/**
 * Runs a controller until the signal aborts: `Controller.Start`. What was pending and what was removed since it last ran is
 * handed over before it reconciles, with all objects, and from then on what the watches tell. When the Lease is lost, its
 * reconciles end, and it begins anew once the Lease can be had. Throws if a source does not start, or a reconcile goes on after
 * the grace period.
 */
export async function startController(
  controller: Controller,
  options: StartControllerOptions,
): Promise<void> {
  while (!options.signal.aborted) {
    const lost = await holdAndRun(controller, options)
    if (controller.active.size > 0) throw lost ?? notEnded(options.gracePeriod)
    if (lost !== undefined) controller.log.error(lost, 'Lost lease, waiting for it')
  }
}

/** Why the Lease was lost; undefined if the signal aborted. */
async function holdAndRun(controller: Controller, options: StartControllerOptions): Promise<unknown> {
  const session = new ControllerSession(controller, { ...options, isNamed: false })
  const held = await becomeHolder(session, options)
  if (held === undefined) return undefined
  const run = new ControllerRun(controller, session, {
    ...options,
    signal: AbortSignal.any([options.signal, held.signal]),
    // Once the Lease is lost, somebody else may reconcile.
    hurry: AbortSignal.any([options.hurry, held.signal]),
  })
  try {
    await run.start()
    await run.work()
  } finally {
    await run.end()
  }
  return held.signal.aborted ? held.signal.reason : undefined
}

/** What `engageStopProcedure` says when something goes on. */
export function notEnded(gracePeriod: number): Error {
  const period = formatDuration(gracePeriod)
  return new Error(`failed waiting for all runnables to end within grace period of ${period}`)
}

/** Undefined if the signal aborts first. */
async function becomeHolder(
  session: ControllerSession,
  { clock, signal }: StartControllerOptions,
): Promise<HeldLease | undefined> {
  while (!signal.aborted) {
    let wait = acquireInterval
    try {
      if (await session.tryBegin()) return session.held
    } catch (error) {
      session.controller.log.error(error, 'Failed to acquire lease')
      wait = failedAcquireInterval
    }
    await sleep(clock, wait, signal)
  }
  return undefined
}

class ControllerRun {
  readonly #controller: Controller
  readonly #session: ControllerSession
  readonly #options: StartControllerOptions
  readonly #watches: { readonly resource: string; readonly registration: HandlerRegistration }[] = []
  readonly #disposers: (() => void)[] = []
  /** Aborts reconciles that do not end by themselves. */
  readonly #reconciles = new AbortController()
  #saveTimer: ClockTimer | undefined
  #savedAt = 0
  /** Between `start` and `end` what the watches have told counts as reached, and is kept. */
  #isFollowing = false

  constructor(controller: Controller, session: ControllerSession, options: StartControllerOptions) {
    this.#controller = controller
    this.#session = session
    this.#options = options
  }

  /** Starts all sources and waits until caches are whole. */
  async start(): Promise<void> {
    const { sources, options, triggers } = this.#controller
    const { signal } = this.#options
    if (triggers.some(({ type }) => type === 'event')) {
      const timeout = milliseconds(options.cacheSyncTimeout ?? defaultCacheSyncTimeout)
      await Promise.all(sources.map((source) => this.#startInTime(source, timeout)))
      if (signal.aborted) return
      await this.#session.lookAtRemovals()
    }
    this.#isFollowing = true
    this.#keepSoon()
  }

  /** Reconciles until the signal aborts, and what is under way then until it has ended. */
  async work(): Promise<void> {
    const { clock, signal, hurry, gracePeriod, lifecycleLogLevel: level } = this.#options
    const { log, maxConcurrentReconciles } = this.#controller
    log[level]('Starting Controller')
    log[level]('Starting workers', { 'worker count': maxConcurrentReconciles })
    const ended = new AbortController()
    const working = this.#controller
      .work(this.#reconciles.signal, signal, () => this.#keepSoon())
      .finally(() => ended.abort())
    await Promise.race([working, Promise.all([this.#periods(), untilAborted(signal)])])
    log[level]('Shutdown signal received, waiting for all workers to finish')
    await sleep(clock, gracePeriod, AbortSignal.any([ended.signal, hurry]))
    this.#reconciles.abort(new Error(`the controller ${this.#controller.name} was told to stop`))
    await sleep(clock, lastMoments, ended.signal)
    if (!ended.signal.aborted) return
    await working
    log[level]('All workers finished')
  }

  async end(): Promise<void> {
    for (const dispose of this.#disposers) dispose()
    try {
      if (this.#session.held?.isHeld() === true) await this.#save(() => this.#session.save())
    } finally {
      this.#isFollowing = false
      this.#saveTimer?.cancel()
      await this.#session.end()
    }
  }

  async #startInTime(source: Source, timeout: number): Promise<void> {
    const { clock, signal, lifecycleLogLevel: level } = this.#options
    const late = new AbortController()
    this.#controller.log[level]('Starting EventSource', { source: describeSource(source) })
    const timer = clock.setTimer(() => late.abort(lateError(this.#controller, source)), timeout)
    const started = source.type === 'Kind' ? this.#watch(source) : this.#startSource(source)
    try {
      await Promise.race([started, untilAborted(AbortSignal.any([signal, late.signal]))])
    } finally {
      timer.cancel()
    }
    if (!signal.aborted) late.signal.throwIfAborted()
  }

  async #startSource(source: RunningSource): Promise<void> {
    const { queue, log } = this.#controller
    await source.start(queue, this.#options.signal, (error) =>
      log.error(error, 'A source failed', { source: source.name }),
    )
  }

  #watch(source: KindSource): Promise<void> {
    const { queue } = this.#controller
    const { cache } = this.#options
    const informer = cache.informerFor(source.kind, { onlyMetadata: source.onlyMetadata })
    const tell = async (object: Unstructured, dispatch: () => Promise<void>) => {
      if (isState(source.kind, object)) return
      await dispatch()
      this.#keepSoon()
    }
    const registration = informer.addEventHandler({
      onAdd: (object, isInInitialList) =>
        tell(object, () => dispatchCreate(source, object, isInInitialList, queue)),
      onUpdate: (previous, object) => tell(object, () => dispatchUpdate(source, previous, object, queue)),
      onDelete: (object, isStateUnknown) =>
        tell(object, () => dispatchDelete(source, object, isStateUnknown, queue)),
    })
    this.#watches.push({ resource: resourceOf(source.kind), registration })
    this.#disposers.push(() => informer.removeEventHandler(registration))
    return registration.synced
  }

  /** Of several watches of a resource the one that is furthest behind counts. */
  #versions(): { [resource: string]: string } {
    const versions = new Map<string, string>()
    const reached = (resource: string, version: string) => {
      const known = versions.get(resource)
      if (known === undefined || version === '' || (known !== '' && BigInt(version) < BigInt(known))) {
        versions.set(resource, version)
      }
    }
    const { namespaces = [] } = this.#options
    for (const { resource, registration } of this.#watches) {
      reached(resource, registration.resourceVersion)
      if (!(registration instanceof MergedRegistration)) continue
      for (const [index, part] of registration.parts.entries()) {
        reached(resourceIn(resource, namespaces[index]!), part.resourceVersion)
      }
    }
    return Object.fromEntries([...versions].filter(([, version]) => version !== ''))
  }

  /** Something happened that is to be kept: when the controller comes to rest, or from time to time while it does not. */
  #keepSoon(delay = restBeforeSaving): void {
    if (!this.#isFollowing) return
    this.#saveTimer ??= this.#options.clock.setTimer(() => {
      this.#saveTimer = undefined
      const { queue, active } = this.#controller
      const rests = active.size === 0 && queue.length === 0
      if (rests || this.#options.clock.now() >= this.#savedAt + saveInterval)
        void this.#save(() => this.#session.saveMidway())
      else this.#keepSoon()
    }, delay)
  }

  async #periods(): Promise<void> {
    const { clock, signal } = this.#options
    if (!this.#controller.triggers.some(({ type }) => type === 'periodic')) return
    while (!signal.aborted) {
      const wait = await this.#lookAtPeriod()
      await sleep(clock, wait, signal)
    }
  }

  /** Milliseconds until the next look. What cannot be read now can be later. */
  async #lookAtPeriod(): Promise<number> {
    try {
      await this.#session.lookAtPeriod()
      // One without objects has no reconcile after which it would be kept.
      this.#keepSoon()
      return this.#session.untilNextPeriod()
    } catch (error) {
      if (!this.#options.signal.aborted) this.#controller.log.error(error, 'Failed to list for a period')
      return periodRetry
    }
  }

  async #save(save: () => Promise<void>): Promise<void> {
    this.#savedAt = this.#options.clock.now()
    if (this.#isFollowing) this.#session.reached(this.#versions())
    try {
      await save()
    } catch (error) {
      this.#controller.log.error(error, 'The state of the controller could not be saved')
      // Triggered runs beside this one wait for what it keeps.
      this.#keepSoon(saveInterval)
    }
  }
}

/** `Kind.String`, without the type that Go has for it; others have a name. */
function describeSource(source: Source): string {
  return source.type === 'Kind' ? `kind source: ${source.kind.kind}` : source.name
}

/** What `startEventSourcesAndQueueLocked` says of a source that takes too long. */
function lateError({ name }: Controller, source: Source): Error {
  const described = describeSource(source)
  if (source.type !== 'Kind') {
    return new Error(
      `timed out waiting for source ${described} to Start. Please ensure that its Start() method is non-blocking`,
    )
  }
  const { kind } = source.kind
  return new Error(
    `failed to wait for ${name} caches to sync ${described}: timed out waiting for cache to be synced for Kind ${kind}`,
  )
}
