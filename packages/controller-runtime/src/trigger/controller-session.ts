import type { Clock } from '@k1s/apimachinery'
import type { Change, ResourceKind, WorkTracker } from '@k1s/core'
import type { Controller } from '../controller/controller.ts'
import { milliseconds } from '../duration.ts'
import type { HeldLease } from '../leader-election/held-lease.ts'
import { defaultLeaseTimes } from '../leader-election/lease.ts'
import { LeaseLock } from '../leader-election/lease-lock.ts'
import type { PendingRequest } from '../queue/request-queue.ts'
import { requestKey } from '../reconcile.ts'
import { dispatchDelete } from '../source/dispatch-event.ts'
import type { KindSource } from '../source/source.ts'
import type { ControllerState } from './controller-state.ts'
import { eventsSince, type ReplayOptions, replay, resourceIn, resourceOf } from './replay.ts'
import { isState, type StateStore, stateName } from './state-store.ts'

export interface SessionOptions extends ReplayOptions {
  readonly clock: Clock
  readonly states: StateStore
  readonly work: WorkTracker | undefined
  /** Where the Leases are. */
  readonly stateNamespace: string
  /** Events count, whatever the triggers say: somebody asked for the controller. */
  readonly isNamed: boolean
}

/** A reconcile that does not let go of the event loop for longer than this may overlap with that of another process, milliseconds. */
const livingPatience = 300_000
/** With more than this left, saving in the middle of a run costs more than doing the work again would. */
const maxSavedMidway = 2000

interface Versions {
  [resource: string]: string
}

/** One controller with its Lease and what it remembers, from when somebody wants it to run until it has ended. */
export class ControllerSession {
  readonly controller: Controller
  readonly #options: SessionOptions
  readonly #lease: LeaseLock
  readonly #seesEvents: boolean
  readonly #kinds: readonly KindSource[]
  #held: HeldLease | undefined
  #versions: Versions = {}
  #lastPeriod: number | undefined
  /** What waits for its time, as far as somebody who is not the holder knows. */
  #foundPending: readonly PendingRequest[] = []
  readonly #piece = { describe: () => this.controller.name }
  #savedState = ''
  #hasNews = false
  #saving: Promise<void> = Promise.resolve()
  /** What another holder has to have seen so that nothing is left to do here. */
  #wanted: Versions | undefined
  /** When that was found. */
  #lookedAt = 0

  constructor(controller: Controller, options: SessionOptions) {
    this.controller = controller
    this.#options = options
    const { client, clock, stateNamespace: namespace } = options
    const name = stateName(controller.name)
    const log = controller.log.withValues({ lock: `${namespace}/${name}` })
    const times = { ...defaultLeaseTimes, livingPatience }
    this.#lease = new LeaseLock({ client, clock, namespace, name, log, ...times })
    this.#seesEvents = options.isNamed || controller.triggers.some(({ type }) => type === 'event')
    this.#kinds = controller.sources.filter((source) => source.type === 'Kind')
  }

  get held(): HeldLease | undefined {
    return this.#held
  }

  /**
   * Whether there is anything to do, without being its holder: requests that are due or that `waitsFor` says yes to, a period,
   * events. Events that no predicate lets through count too.
   */
  async hasWork(waitsFor: (pending: PendingRequest) => boolean): Promise<boolean> {
    const { clock, states } = this.#options
    const state = await states.load(this.controller.name)
    const now = clock.now()
    this.#foundPending = state.pending
    this.#lookedAt = now
    this.#wanted = undefined
    if (state.pending.some((pending) => pending.dueAt <= now || waitsFor(pending))) return true
    if (this.#isPeriodDue(state.lastPeriod, now)) return true
    const news = await this.#newsSince(state)
    this.#wanted = news?.versions
    return news === undefined || news.hasEvents
  }

  /** Whether another process did all that this one found to do. What became due since then is that one's to do. */
  async isDoneElsewhere(waitsFor: (pending: PendingRequest) => boolean): Promise<boolean> {
    const { clock, states } = this.#options
    const state = await states.load(this.controller.name)
    this.#foundPending = state.pending
    if (this.#isPeriodDue(state.lastPeriod, this.#lookedAt)) return false
    const due = Math.max(this.#lookedAt, state.savedAt ?? clock.now())
    if (state.pending.some((pending) => pending.dueAt <= due || waitsFor(pending))) return false
    this.#wanted ??= (await this.#newsSince(state))?.versions
    if (this.#wanted === undefined) return false
    return Object.entries(this.#wanted).every(([watched, version]) => {
      const [resource = watched] = watched.split('/')
      const reached = [state.resourceVersions[resource], state.resourceVersions[watched]]
      return reached.some((seen) => seen !== undefined && BigInt(seen) >= BigInt(version))
    })
  }

  /** What happened since a state, and what who has seen that has reached. Undefined if that has to be all objects. */
  async #newsSince({
    resourceVersions,
  }: ControllerState): Promise<{ hasEvents: boolean; versions: Versions } | undefined> {
    let hasEvents = false
    const versions: Versions = {}
    for (const { kind } of this.#seesEvents ? this.#kinds : []) {
      const since = resourceVersions[resourceOf(kind)]
      const changes = since === undefined ? undefined : await eventsSince(kind, since, this.#options)
      if (since === undefined || changes === undefined) return undefined
      const told = changes.changes.filter(({ object }) => !isState(kind, object))
      hasEvents ||= told.length > 0
      for (const [resource, changesThere] of this.#watchedApart(kind, told)) {
        versions[resource] = latestOf(changesThere, since, changes.resourceVersion)
      }
    }
    return { hasEvents, versions }
  }

  /** A manager that watches several namespaces is not told in one how far the others are. */
  #watchedApart(
    kind: ResourceKind,
    changes: readonly Change[],
  ): [resource: string, changes: readonly Change[]][] {
    const { namespaces = [] } = this.#options
    const resource = resourceOf(kind)
    if (!kind.namespaced || namespaces.length < 2) return [[resource, changes]]
    return namespaces.map((namespace) => [
      resourceIn(resource, namespace),
      changes.filter(({ object }) => object.metadata.namespace === namespace),
    ])
  }

  /** Becomes the holder and takes over what the last one left. False if there is another. */
  async tryBegin(): Promise<boolean> {
    const held = await this.#lease.tryAcquire()
    if (held === undefined) return false
    try {
      this.#begin(await this.#options.states.load(this.controller.name))
    } catch (error) {
      await held.release().catch((failure) => this.#logRelease(failure))
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

  /** Whether it was told of anything that is not kept: those who wait for this holder do not know that it has seen it. */
  get hasNews(): boolean {
    return this.#hasNews
  }

  /** Queues what happened since the last look, and all objects when a period is over. */
  async look(): Promise<void> {
    if (this.#seesEvents) await this.#lookAtEvents()
    await this.lookAtPeriod()
  }

  /** Of several sources of a resource, the first has seen the least; none has seen anything until all have. */
  async #lookAtEvents(): Promise<void> {
    const seen: Versions = {}
    for (const source of this.#kinds) {
      const resource = resourceOf(source.kind)
      const since = this.#versions[resource]
      const { resourceVersion, events } = await replay(source, since, this.controller.queue, this.#options)
      seen[resource] ??= resourceVersion
      this.#hasNews ||= events > 0 || since === undefined
    }
    this.reached(seen)
  }

  /** Queues all objects when a period is over. */
  async lookAtPeriod(): Promise<void> {
    const [first] = this.#kinds
    if (first === undefined || !this.#isPeriodDue(this.#lastPeriod, this.#options.clock.now())) return
    const beginsAt = this.#options.clock.now()
    await replay(first, undefined, this.controller.queue, this.#options)
    this.#lastPeriod = beginsAt
    this.#hasNews = true
  }

  /** Milliseconds until the next period begins. */
  untilNextPeriod(): number {
    const now = this.#options.clock.now()
    const waits = this.controller.triggers.map((trigger) =>
      trigger.type === 'periodic'
        ? (this.#lastPeriod ?? now) + milliseconds(trigger.every) - now
        : Number.POSITIVE_INFINITY,
    )
    return Math.max(Math.min(...waits), 0)
  }

  /**
   * Queues what was removed since the last run, which no list of what there is can tell. To be called when what comes after that
   * is being told already, and before anything of it counts as reached.
   */
  async lookAtRemovals(): Promise<void> {
    for (const source of this.#kinds) {
      const since = this.#versions[resourceOf(source.kind)]
      const changes = since === undefined ? undefined : await eventsSince(source.kind, since, this.#options)
      for (const { type, object } of changes?.changes ?? []) {
        if (type === 'DELETED') await dispatchDelete(source, object, false, this.controller.queue)
      }
    }
  }

  /** Events up to these versions were queued. */
  reached(versions: { readonly [resource: string]: string }): void {
    const known = Object.entries(this.#versions).filter(([resource]) => !resource.includes('/'))
    this.#versions = { ...Object.fromEntries(known), ...versions }
  }

  /** Requests that are not done with, those that are being reconciled among them. */
  unfinished(): readonly PendingRequest[] {
    const { controller } = this
    if (this.#held === undefined) return this.#foundPending
    const dueAt = this.#options.clock.now()
    // First, since it hands out what has become due; and a worker takes a moment to begin with what it was handed.
    const pending = [...controller.queue.pending()]
    const active = Array.from(controller.queue.handedOut(), (queued) => ({
      ...queued,
      dueAt,
      failures: controller.queue.numRequeues(queued.request),
    }))
    const keys = new Set(active.map(({ request }) => requestKey(request)))
    return [...active, ...pending.filter(({ request }) => !keys.has(requestKey(request)))]
  }

  /** Keeps how far it is, if that is worth it in the middle of a run. */
  async saveMidway(): Promise<void> {
    const { controller } = this
    if (controller.queue.length <= maxSavedMidway) await this.save()
  }

  /** Keeps how far it is, unless it is as it was. Two saves are never under way at the same time. */
  save(): Promise<void> {
    const saving = this.#saving.then(() => this.#save())
    this.#saving = saving.catch(() => undefined)
    return saving
  }

  async #save(): Promise<void> {
    const state: ControllerState = {
      resourceVersions: { ...this.#versions },
      pending: this.unfinished(),
      lastPeriod: this.#lastPeriod,
      savedAt: this.#options.clock.now(),
    }
    this.#hasNews = false
    const text = textOf(state)
    if (text === this.#savedState || this.#held?.isHeld() !== true) return
    await this.#options.states.save(this.controller.name, state)
    this.#savedState = text
  }

  /** Ends the run and gives the Lease back: at once, or when the reconciles that nobody waits for any more have ended. */
  async end(): Promise<void> {
    const held = this.#held
    // Whoever is the holder next must not find its state replaced.
    await this.#saving
    this.#held = undefined
    this.controller.end()
    try {
      if (this.controller.active.size === 0) await held?.release()
      else {
        void this.controller
          .whenInactive()
          .then(() => held?.release())
          .catch((error) => this.#logRelease(error))
      }
    } finally {
      this.#options.work?.endController(this.#piece)
    }
  }

  #logRelease(error: unknown): void {
    this.controller.log.error(error, 'Failed to release lease')
  }

  #isPeriodDue(lastPeriod: number | undefined, now: number): boolean {
    return this.controller.triggers.some(
      (trigger) =>
        trigger.type === 'periodic' &&
        (lastPeriod === undefined || now >= lastPeriod + milliseconds(trigger.every)),
    )
  }
}

/** What tells whether a state is worth saving again. */
function textOf({ savedAt: _, ...state }: ControllerState): string {
  return JSON.stringify(state)
}

/**
 * The version that whoever has seen these changes has reached at least: one that watches does not know of writes to other
 * kinds. A server that does not tell when an object was deleted has it be `end`.
 */
function latestOf(changes: readonly Change[], since: string, end: string): string {
  let latest = BigInt(since)
  for (const { type, object } of changes) {
    const version = BigInt(object.metadata.resourceVersion ?? end)
    if (type === 'DELETED' && version <= BigInt(since)) return end
    if (version > latest) latest = version
  }
  return String(latest)
}
