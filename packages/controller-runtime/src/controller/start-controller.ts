import { sleep } from '@k1s/apimachinery'
import type { InformerCache } from '../cache/cache.ts'
import { milliseconds } from '../duration.ts'
import { dispatchCreate, dispatchDelete, dispatchUpdate } from '../source/dispatch-event.ts'
import type { KindSource } from '../source/source.ts'
import { ControllerSession, type SessionOptions } from '../trigger/controller-session.ts'
import { resourceOf } from '../trigger/replay.ts'
import type { Controller } from './controller.ts'
import { SeenVersions } from './seen-versions.ts'

/** How often the holder of a Lease is looked at, and how far the controller is is kept; milliseconds. */
const acquireInterval = 250
const saveInterval = 5000
/** How long a controller has nothing to do before it keeps that, milliseconds. */
const restBeforeSaving = 100
/** How long reconciles have for ending once their signal has aborted, milliseconds. */
const lastMoments = 1000
const defaultCacheSyncTimeout = 120_000
/** How often a cache is asked whether it is whole, milliseconds. */
const syncPoll = 5

export interface StartControllerOptions extends Omit<SessionOptions, 'isNamed'> {
  readonly cache: InformerCache
  /** How long reconciles that are under way are waited for, milliseconds. */
  readonly gracePeriod: number
}

/**
 * Runs a controller until the signal aborts: `Controller.Start`. What was pending and what was removed since it last ran is
 * handed over first, then all objects, and from then on what the watches tell. Throws if a source does not start, or the Lease
 * is lost.
 */
export async function startController(
  controller: Controller,
  options: StartControllerOptions,
): Promise<void> {
  const session = new ControllerSession(controller, { ...options, isNamed: false })
  while (!(await session.tryBegin())) {
    await sleep(options.clock, acquireInterval, options.signal)
    if (options.signal.aborted) return
  }
  const held = session.held!
  const run = new ControllerRun(controller, session, {
    ...options,
    signal: AbortSignal.any([options.signal, held.signal]),
  })
  try {
    await run.start()
    await run.work()
  } finally {
    await run.end()
  }
  held.signal.throwIfAborted()
}

class ControllerRun {
  readonly #controller: Controller
  readonly #session: ControllerSession
  readonly #options: StartControllerOptions
  readonly #versions = new SeenVersions()
  readonly #disposers: (() => void)[] = []
  /** Aborts reconciles that do not end by themselves. */
  readonly #reconciles = new AbortController()
  #reconciledAt = 0

  constructor(controller: Controller, session: ControllerSession, options: StartControllerOptions) {
    this.#controller = controller
    this.#session = session
    this.#options = options
  }

  /** Starts all sources and waits until caches are whole. */
  async start(): Promise<void> {
    const { sources, options, name, queue, triggers } = this.#controller
    const { clock, signal } = this.#options
    const timeout = milliseconds(options.cacheSyncTimeout ?? defaultCacheSyncTimeout)
    const late = new AbortController()
    const timer = clock.setTimer(() => late.abort(), timeout)
    const starting = AbortSignal.any([signal, late.signal])
    try {
      if (triggers.some(({ type }) => type === 'event')) {
        await this.#session.lookAtRemovals()
        await Promise.all(
          sources.map((source) =>
            source.type === 'Kind'
              ? this.#watch(source, starting)
              : source.start(queue, signal, (error) =>
                  this.#controller.log.error(error, 'A source failed', { source: source.name }),
                ),
          ),
        )
      }
    } finally {
      timer.cancel()
    }
    if (late.signal.aborted) {
      throw new Error(`failed to wait for ${name} caches to sync: timed out after ${timeout} ms`)
    }
  }

  /** Reconciles until the signal aborts, and what is under way then until it has ended. */
  async work(): Promise<void> {
    const { clock, signal, gracePeriod } = this.#options
    const ended = new AbortController()
    const working = this.#controller
      .work(this.#reconciles.signal, signal, () => {
        this.#reconciledAt = clock.now()
      })
      .finally(() => ended.abort())
    await Promise.all([this.#savesNowAndThen(), this.#periods(), untilAborted(signal)])
    await sleep(clock, gracePeriod, ended.signal)
    this.#reconciles.abort(new Error(`the controller ${this.#controller.name} was told to stop`))
    await sleep(clock, lastMoments, ended.signal)
    if (ended.signal.aborted) await working
  }

  async end(): Promise<void> {
    for (const dispose of this.#disposers) dispose()
    try {
      if (this.#session.held?.isHeld() === true) await this.#save()
    } finally {
      await this.#session.end()
    }
  }

  async #watch(source: KindSource, signal: AbortSignal): Promise<void> {
    const { queue } = this.#controller
    const { cache, clock } = this.#options
    const informer = cache.informerFor(source.kind, { onlyMetadata: source.onlyMetadata })
    const seen = this.#versions.add(resourceOf(source.kind))
    const registration = informer.addEventHandler({
      onAdd: async (object, isInInitialList) => {
        await dispatchCreate(source, object, isInInitialList, queue)
        seen.saw(object)
      },
      onUpdate: async (previous, object) => {
        await dispatchUpdate(source, previous, object, queue)
        seen.saw(object)
      },
      onDelete: async (object, isStateUnknown) => {
        await dispatchDelete(source, object, isStateUnknown, queue)
        if (!isStateUnknown) seen.saw(object)
      },
    })
    this.#disposers.push(() => informer.removeEventHandler(registration))
    while (!registration.hasSynced && !signal.aborted) await sleep(clock, syncPoll, signal)
    if (registration.hasSynced) seen.isSynced('0')
  }

  /** What is written when the controller comes to rest is what a triggered run beside it waits for. */
  async #savesNowAndThen(): Promise<void> {
    const { clock, signal } = this.#options
    const { controller } = this.#session
    let savedAt = clock.now()
    while (!signal.aborted) {
      await sleep(clock, restBeforeSaving, signal)
      const now = clock.now()
      const rests = controller.active.size === 0 && controller.queue.length === 0
      if (!rests && now < savedAt + saveInterval) continue
      if (rests && now < this.#reconciledAt + restBeforeSaving) continue
      savedAt = now
      await this.#save()
    }
  }

  async #periods(): Promise<void> {
    const { clock, signal } = this.#options
    if (!this.#controller.triggers.some(({ type }) => type === 'periodic')) return
    while (!signal.aborted) {
      await this.#session.lookAtPeriod()
      await sleep(clock, this.#session.untilNextPeriod(), signal)
    }
  }

  async #save(): Promise<void> {
    this.#session.reached(this.#versions.versions())
    try {
      await this.#session.saveMidway()
    } catch (error) {
      this.#controller.log.error(error, 'The state of the controller could not be saved')
    }
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}
