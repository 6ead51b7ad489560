import type { Clock } from '@k1s/apimachinery'
import type { Change, ResourceKind } from '@k1s/core'
import type { PendingRequest } from '../queue/request-queue.ts'
import type { KindSource } from '../source/source.ts'
import type { ControllerState, ResourceVersions } from './controller-state.ts'
import { isPeriodDue } from './periods.ts'
import { eventsSince, type ReplayOptions, resourceIn, resourceOf } from './replay.ts'
import type { StateStore } from './state-store.ts'
import type { Trigger } from './trigger.ts'

export interface BacklogOptions extends ReplayOptions {
  readonly controller: string
  readonly triggers: readonly Trigger[]
  /** The sources whose events it is to see. */
  readonly sources: readonly KindSource[]
  readonly clock: Clock
  readonly states: StateStore
}

/** Whether a run waits for a request that is not due yet. */
export type WaitsFor = (pending: PendingRequest) => boolean

/**
 * What a controller has to do, as far as a process can tell from the store that does not hold its Lease: whether it is worth
 * becoming the holder, and whether the holder has done it meanwhile.
 */
export class ControllerBacklog {
  readonly #options: BacklogOptions
  #pending: readonly PendingRequest[] = []
  /** The versions that the holder has to reach. Undefined if it is not known, or it has to look at all objects. */
  #wanted: ResourceVersions | undefined
  /** When `hasWork` was last asked, in milliseconds since the epoch. */
  #askedAt = 0

  constructor(options: BacklogOptions) {
    this.#options = options
  }

  /** The pending requests of the state that was last read. */
  get pending(): readonly PendingRequest[] {
    return this.#pending
  }

  /**
   * Whether there is anything to do: requests that are due or that the run waits for, a period, or events. Events that no
   * predicate lets through count too.
   */
  async hasWork(waitsFor: WaitsFor): Promise<boolean> {
    const { clock, triggers } = this.#options
    const state = await this.#load()
    const now = clock.now()
    this.#askedAt = now
    this.#wanted = undefined
    if (state.pending.some((pending) => pending.dueAt <= now || waitsFor(pending))) return true
    if (isPeriodDue(triggers, state.lastPeriod, now)) return true
    const news = await this.#newsSince(state)
    this.#wanted = news?.versions
    return news === undefined || news.hasEvents
  }

  /** Whether the holder has done all that `hasWork` found. What became due since then is left to it. */
  async isDone(waitsFor: WaitsFor): Promise<boolean> {
    const { clock, triggers } = this.#options
    const state = await this.#load()
    if (isPeriodDue(triggers, state.lastPeriod, this.#askedAt)) return false
    const overdue = Math.max(this.#askedAt, state.savedAt ?? clock.now())
    if (state.pending.some((pending) => pending.dueAt <= overdue || waitsFor(pending))) return false
    this.#wanted ??= (await this.#newsSince(state))?.versions
    if (this.#wanted === undefined) return false
    return Object.entries(this.#wanted).every(([watched, version]) => {
      const [resource = watched] = watched.split('/')
      const reached = [state.resourceVersions[resource], state.resourceVersions[watched]]
      return reached.some((seen) => seen !== undefined && BigInt(seen) >= BigInt(version))
    })
  }

  async #load(): Promise<ControllerState> {
    const { states, controller, signal } = this.#options
    const state = await states.load(controller, signal)
    this.#pending = state.pending
    return state
  }

  /**
   * Whether there were events since a state, and the versions that a controller which has seen them has reached. Undefined if
   * nobody can tell, so that it has to look at all objects.
   */
  async #newsSince({
    resourceVersions,
  }: ControllerState): Promise<{ hasEvents: boolean; versions: ResourceVersions } | undefined> {
    let hasEvents = false
    const versions: ResourceVersions = {}
    for (const { kind } of this.#options.sources) {
      const since = resourceVersions[resourceOf(kind)]
      const found = since === undefined ? undefined : await eventsSince(kind, since, this.#options)
      if (since === undefined || found === undefined) return undefined
      hasEvents ||= found.changes.length > 0
      for (const [resource, eventsThere] of this.#watchedApart(kind, found.changes)) {
        versions[resource] = latestOf(eventsThere, since, found.resourceVersion)
      }
    }
    return { hasEvents, versions }
  }

  /** By resource, or by namespace for a manager of several: its watch of one namespace does not tell how far the others are. */
  #watchedApart(
    kind: ResourceKind,
    events: readonly Change[],
  ): [resource: string, events: readonly Change[]][] {
    const { namespaces = [] } = this.#options
    const resource = resourceOf(kind)
    if (!kind.namespaced || namespaces.length < 2) return [[resource, events]]
    return namespaces.map((namespace) => [
      resourceIn(resource, namespace),
      events.filter(({ object }) => object.metadata.namespace === namespace),
    ])
  }
}

/**
 * The version that a controller which has seen these events has reached at least. It is that of the last event, and not `end`,
 * up to which they were asked for: a watch is not told of writes to other kinds. Only a server that does not tell the version of
 * a deletion makes it `end`.
 */
function latestOf(events: readonly Change[], since: string, end: string): string {
  let latest = BigInt(since)
  for (const { type, object } of events) {
    const version = BigInt(object.metadata.resourceVersion ?? end)
    if (type === 'DELETED' && version <= BigInt(since)) return end
    if (version > latest) latest = version
  }
  return String(latest)
}
