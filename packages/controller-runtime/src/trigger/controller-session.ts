import type { Clock } from '@k1s/apimachinery'
import type { WorkTracker } from '@k1s/core'
import type { Controller } from '../controller/controller.ts'
import { inTime } from '../in-time.ts'
import type { HeldLease } from '../leader-election/held-lease.ts'
import { defaultLeaseTimes } from '../leader-election/lease.ts'
import { LeaseLock } from '../leader-election/lease-lock.ts'
import type { PendingRequest } from '../queue/request-queue.ts'
import { requestKey } from '../reconcile.ts'
import type { KindSource } from '../source/source.ts'
import { ControllerBacklog } from './controller-backlog.ts'
import type { ControllerState, ResourceVersions } from './controller-state.ts'
import { nextPeriod, periodToBegin } from './periods.ts'
import { eventsSince, handOver, type ReplayOptions, replay, resourceOf } from './replay.ts'
import { type StateStore, stateName } from './state-store.ts'
import { isTriggeredByEvents } from './trigger.ts'

export interface SessionOptions extends ReplayOptions {
  readonly clock: Clock
  readonly states: StateStore
  readonly work: WorkTracker | undefined
  /** Where the Leases are. */
  readonly stateNamespace: string
  /** Whether the controller was asked for by its name. It then sees events whatever its triggers are. */
  readonly isNamed: boolean
}

/**
 * How long a holder that lives and does not renew its Lease is waited for, milliseconds. A reconcile that blocks the event loop
 * of its process for longer may overlap with one of another process.
 */
const livingPatience = 300_000
/** How long an answer to a save is waited for, milliseconds. */
const savePatience = 10_000

/**
 * One run of a controller, triggered or followed: becomes the holder of its Lease, takes over its state, queues what it has to
 * reconcile, and saves how far it is.
 */
export class ControllerSession {
  readonly controller: Controller
  /** What there is to do, for a process that is not the holder. */
  readonly backlog: ControllerBacklog
  readonly #options: SessionOptions
  readonly #lease: LeaseLock
  readonly #seesEvents: boolean
  readonly #sources: readonly KindSource[]
  #held: HeldLease | undefined
  #versions: ResourceVersions = {}
  #watched: (() => Readonly<ResourceVersions>) | undefined
  #lastPeriod: number | undefined
  #hasNews = false
  #savedState = ''
  #saving: Promise<void> = Promise.resolve()
  readonly #piece = { describe: () => this.controller.name }

  constructor(controller: Controller, options: SessionOptions) {
    this.controller = controller
    this.#options = options
    const { client, clock, stateNamespace: namespace } = options
    const name = stateName(controller.name)
    const log = controller.log.withValues({ lock: `${namespace}/${name}` })
    const times = { ...defaultLeaseTimes, livingPatience }
    const isTriggered = isTriggeredByEvents(controller.triggers)
    // A running manager that is the holder does not look at events then, and would never do what this process is asked for.
    const asksHolder = options.isNamed && !isTriggered
    this.#lease = new LeaseLock({ client, clock, namespace, name, log, asksHolder, ...times })
    this.#seesEvents = options.isNamed || isTriggered
    this.#sources = controller.sources.filter((source) => source.type === 'Kind')
    this.backlog = new ControllerBacklog({
      ...options,
      controller: controller.name,
      triggers: controller.triggers,
      sources: this.#seesEvents ? this.#sources : [],
    })
  }

  /** Undefined while this process is not the holder. */
  get held(): HeldLease | undefined {
    return this.#held
  }

  /** The identity of the holder that the last try to become it found. */
  get otherHolder(): string | undefined {
    return this.#lease.holder
  }

  /** Becomes the holder and takes over what the last one left. False if there is another. */
  async tryBegin(): Promise<boolean> {
    const { states, signal } = this.#options
    const held = await this.#lease.tryAcquire(signal)
    if (held === undefined) return false
    try {
      this.#begin(await states.load(this.controller.name, signal))
    } catch (error) {
      await this.#release(held)
      throw error
    }
    this.#held = held
    this.#options.work?.beginController(this.#piece)
    return true
  }

  #begin(state: ControllerState): void {
    const queue = this.controller.begin()
    const now = this.#options.clock.now()
    for (const { request, dueAt, failures, priority } of state.pending) {
      this.controller.rateLimiter.restore?.(request, failures)
      queue.add(request, { after: Math.max(dueAt - now, 0), priority })
    }
    this.#versions = { ...state.resourceVersions }
    this.#lastPeriod = state.lastPeriod
    this.#savedState = textOf(state)
  }

  /** Whether it has seen anything that is not saved yet, so that those who wait for this holder do not know of it. */
  get hasNews(): boolean {
    return this.#hasNews
  }

  /** Queues what happened since the last look, and all objects if a period begins. */
  async look(): Promise<void> {
    if (this.#seesEvents) await this.#lookAtEvents()
    await this.lookAtPeriod()
  }

  /** Of several sources of a resource the first has seen the least. Versions count as reached only when all sources have looked. */
  async #lookAtEvents(): Promise<void> {
    const seen: ResourceVersions = {}
    for (const source of this.#sources) {
      const resource = resourceOf(source.kind)
      const since = this.#versions[resource]
      const { resourceVersion, events } = await replay(source, since, this.controller.queue, this.#options)
      seen[resource] ??= resourceVersion
      this.#hasNews ||= events > 0 || since === undefined
    }
    this.#reached(seen)
  }

  /** Queues all objects of the first kind, if there is one, when a period begins. */
  async lookAtPeriod(): Promise<void> {
    const now = this.#options.clock.now()
    const beginsAt = periodToBegin(this.controller.triggers, this.#lastPeriod, now)
    if (beginsAt === undefined) return
    const [first] = this.#sources
    if (first !== undefined) await replay(first, undefined, this.controller.queue, this.#options)
    this.#lastPeriod = beginsAt
    this.#hasNews = true
  }

  /** Milliseconds until the next period begins; Infinity without a periodic trigger. */
  untilNextPeriod(): number {
    const now = this.#options.clock.now()
    return Math.max(nextPeriod(this.controller.triggers, this.#lastPeriod ?? now) - now, 0)
  }

  /**
   * Queues the objects that were removed since the last run, which the first list of a watch does not have. To be called when the
   * watches have begun, so that no removal is missed in between, and before `follow`.
   */
  async lookAtRemovals(): Promise<void> {
    for (const source of this.#sources) {
      const since = this.#versions[resourceOf(source.kind)]
      const found = since === undefined ? undefined : await eventsSince(source.kind, since, this.#options)
      for (const change of found?.changes ?? []) {
        if (change.type === 'DELETED') await handOver(source, change, this.controller.queue)
      }
    }
  }

  /** From now on the versions count as reached up to which watches have told all events. */
  follow(watched: () => Readonly<ResourceVersions>): void {
    this.#watched = watched
  }

  #reached(versions: Readonly<ResourceVersions>): void {
    // Versions of single namespaces are those of watches, which tell all of them each time.
    const known = Object.entries(this.#versions).filter(([resource]) => !resource.includes('/'))
    this.#versions = { ...Object.fromEntries(known), ...versions }
  }

  /** Requests that are queued, wait for their time or are being reconciled. Before the Lease is held, those of the backlog. */
  unfinished(): readonly PendingRequest[] {
    const { controller } = this
    if (this.#held === undefined) return this.backlog.pending
    const dueAt = this.#options.clock.now()
    // Read before `handedOut`, since reading it hands out what has become due. What was handed out counts as active, since a
    // worker takes a moment to begin with it.
    const pending = [...controller.queue.pending()]
    const active = Array.from(controller.queue.handedOut(), (queued) => ({
      ...queued,
      dueAt,
      failures: controller.queue.numRequeues(queued.request),
    }))
    const keys = new Set(active.map(({ request }) => requestKey(request)))
    return [...active, ...pending.filter(({ request }) => !keys.has(requestKey(request)))]
  }

  /** Saves how far it is, if that has changed since the last save. Two saves are never under way at the same time. */
  save(): Promise<void> {
    const saving = this.#saving.then(() => this.#save())
    this.#saving = saving.catch(() => undefined)
    return saving
  }

  async #save(): Promise<void> {
    if (this.#watched !== undefined) this.#reached(this.#watched())
    const state: ControllerState = {
      resourceVersions: { ...this.#versions },
      pending: this.unfinished(),
      lastPeriod: this.#lastPeriod,
      savedAt: this.#options.clock.now(),
    }
    this.#hasNews = false
    const text = textOf(state)
    if (text === this.#savedState || this.#held?.isHeld() !== true) return
    const { clock, states } = this.#options
    await inTime(clock, savePatience, (signal) => states.save(this.controller.name, state, signal))
    this.#savedState = text
  }

  /**
   * Ends the run, if this process is the holder, and gives the Lease back: at once, or, while reconciles that were given up go on,
   * when they have ended. Never throws: a Lease that cannot be given back is free when it has run out or this process has ended.
   */
  async end(): Promise<void> {
    const { controller } = this
    const held = this.#held
    if (held === undefined) return
    // Whoever is the holder next must not find its state replaced.
    await this.#saving
    this.#held = undefined
    controller.end()
    if (controller.active.size === 0) await this.#release(held)
    else void controller.whenInactive().then(() => this.#release(held))
    this.#options.work?.endController(this.#piece)
  }

  async #release(held: HeldLease): Promise<void> {
    try {
      await held.release()
    } catch (error) {
      this.controller.log.error(error, 'Failed to release lease')
    }
  }
}

/** Two states with the same text need not be saved one after the other, whenever they were taken. */
function textOf({ savedAt: _, ...state }: ControllerState): string {
  return JSON.stringify(state)
}
