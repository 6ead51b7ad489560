import { type ClockTimer, sleep } from '@k1s/apimachinery'
import type { HandlerRegistration } from '@k1s/core/informers'
import type { InformerCache } from '../cache/cache.ts'
import { milliseconds } from '../duration.ts'
import { dispatchCreate, dispatchDelete, dispatchUpdate } from '../source/dispatch-event.ts'
import type { KindSource } from '../source/source.ts'
import { ControllerSession, type SessionOptions } from '../trigger/controller-session.ts'
import { resourceOf } from '../trigger/replay.ts'
import type { Controller } from './controller.ts'

/** How often the holder of a Lease is looked at, and how far the controller is is kept; milliseconds. */
const acquireInterval = 250
const saveInterval = 5000
/** How long a controller has nothing to do before it keeps that, milliseconds. */
const restBeforeSaving = 100
/** How long reconciles have for ending once their signal has aborted, milliseconds. */
const lastMoments = 1000
const defaultCacheSyncTimeout = 120_000

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
  readonly #watches: { readonly resource: string; readonly registration: HandlerRegistration }[] = []
  readonly #disposers: (() => void)[] = []
  /** Aborts reconciles that do not end by themselves. */
  readonly #reconciles = new AbortController()
  #saveTimer: ClockTimer | undefined
  #savedAt = 0

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
      .work(this.#reconciles.signal, signal, () => this.#keepSoon())
      .finally(() => ended.abort())
    await Promise.all([this.#periods(), untilAborted(signal)])
    await sleep(clock, gracePeriod, ended.signal)
    this.#reconciles.abort(new Error(`the controller ${this.#controller.name} was told to stop`))
    await sleep(clock, lastMoments, ended.signal)
    if (ended.signal.aborted) await working
  }

  async end(): Promise<void> {
    for (const dispose of this.#disposers) dispose()
    this.#saveTimer?.cancel()
    try {
      if (this.#session.held?.isHeld() === true) await this.#save(() => this.#session.save())
    } finally {
      await this.#session.end()
    }
  }

  async #watch(source: KindSource, signal: AbortSignal): Promise<void> {
    const { queue } = this.#controller
    const { cache } = this.#options
    const informer = cache.informerFor(source.kind, { onlyMetadata: source.onlyMetadata })
    const registration = informer.addEventHandler({
      onAdd: async (object, isInInitialList) => {
        await dispatchCreate(source, object, isInInitialList, queue)
        this.#keepSoon()
      },
      onUpdate: async (previous, object) => {
        await dispatchUpdate(source, previous, object, queue)
        this.#keepSoon()
      },
      onDelete: async (object, isStateUnknown) => {
        await dispatchDelete(source, object, isStateUnknown, queue)
        this.#keepSoon()
      },
    })
    this.#watches.push({ resource: resourceOf(source.kind), registration })
    this.#disposers.push(() => informer.removeEventHandler(registration))
    await Promise.race([registration.synced, untilAborted(signal)])
  }

  /** Of several watches of a resource the one that is furthest behind counts. */
  #versions(): { [resource: string]: string } {
    const versions = new Map<string, string>()
    for (const { resource, registration } of this.#watches) {
      const known = versions.get(resource)
      const version = registration.resourceVersion
      if (known === undefined || version === '' || (known !== '' && BigInt(version) < BigInt(known))) {
        versions.set(resource, version)
      }
    }
    return Object.fromEntries([...versions].filter(([, version]) => version !== ''))
  }

  /** Something happened that is to be kept: when the controller comes to rest, or from time to time while it does not. */
  #keepSoon(): void {
    this.#saveTimer ??= this.#options.clock.setTimer(() => {
      this.#saveTimer = undefined
      const { queue, active } = this.#controller
      const rests = active.size === 0 && queue.length === 0
      if (rests || this.#options.clock.now() >= this.#savedAt + saveInterval)
        void this.#save(() => this.#session.saveMidway())
      else this.#keepSoon()
    }, restBeforeSaving)
  }

  async #periods(): Promise<void> {
    const { clock, signal } = this.#options
    if (!this.#controller.triggers.some(({ type }) => type === 'periodic')) return
    while (!signal.aborted) {
      await this.#session.lookAtPeriod()
      await sleep(clock, this.#session.untilNextPeriod(), signal)
    }
  }

  async #save(save: () => Promise<void>): Promise<void> {
    this.#savedAt = this.#options.clock.now()
    this.#session.reached(this.#versions())
    try {
      await save()
    } catch (error) {
      this.#controller.log.error(error, 'The state of the controller could not be saved')
    }
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}
