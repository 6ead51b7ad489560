import type { Clock, KubernetesObject } from '@k1s/apimachinery'
import type { HandlerRegistration } from '@k1s/core/informers'
import type { InformerCache } from '../cache/cache.ts'
import { MergedRegistration } from '../cache/merged-informer.ts'
import { milliseconds } from '../duration.ts'
import { earliestVersion } from '../earliest-version.ts'
import { keepTrying } from '../keep-trying.ts'
import { dispatchCreate, dispatchDelete, dispatchUpdate } from '../source/dispatch-event.ts'
import type { KindSource, RunningSource, Source } from '../source/source.ts'
import type { ResourceVersions } from '../trigger/controller-state.ts'
import { resourceIn, resourceOf } from '../trigger/replay.ts'
import { isState } from '../trigger/state-store.ts'
import { untilAborted } from '../until-aborted.ts'
import type { Controller } from './controller.ts'

const defaultCacheSyncTimeout = 120_000

export interface ControllerSourcesOptions {
  readonly cache: InformerCache
  readonly clock: Clock
  /** Ends the sources. */
  readonly signal: AbortSignal
  readonly namespaces: readonly string[] | undefined
  readonly lifecycleLogLevel: 'debug' | 'info'
  /** Called when a handler is done with an event of a kind. */
  readonly onEvent: () => void
}

interface Watch {
  readonly resource: string
  readonly registration: HandlerRegistration
  /** How far it was when an event was given up, which it does not get past. */
  versionsAtEnd?: readonly (readonly [resource: string, version: string])[]
}

/**
 * The sources of a controller that keeps running: they add requests to its queue. A handler that throws is told of the event again
 * until it does not, and of the next one only then.
 */
export class ControllerSources {
  readonly #controller: Controller
  readonly #options: ControllerSourcesOptions
  readonly #watches: Watch[] = []
  readonly #disposers: (() => void)[] = []

  constructor(controller: Controller, options: ControllerSourcesOptions) {
    this.#controller = controller
    this.#options = options
  }

  /**
   * Starts all sources, and resolves when the caches of their kinds are whole, or the signal aborts. A handler that throws is not
   * waited for. Throws what a source throws, and an Error if one takes longer than `cacheSyncTimeout`.
   */
  async start(): Promise<void> {
    const { sources, options } = this.#controller
    const timeout = milliseconds(options.cacheSyncTimeout ?? defaultCacheSyncTimeout)
    await Promise.all(sources.map((source) => this.#startInTime(source, timeout)))
  }

  /**
   * The versions up to which handlers were told of all events, by resource, and by namespace where each has a watch of its own.
   * Of several watches of a resource the one that is furthest behind counts.
   */
  versions(): ResourceVersions {
    const reached = new Map<string, string[]>()
    for (const watch of this.#watches) {
      for (const [resource, version] of watch.versionsAtEnd ?? this.#versionsOf(watch)) {
        reached.set(resource, [...(reached.get(resource) ?? []), version])
      }
    }
    const earliest = [...reached].map(
      ([resource, versions]) => [resource, earliestVersion(versions)] as const,
    )
    return Object.fromEntries(earliest.filter(([, version]) => version !== ''))
  }

  #versionsOf({ resource, registration }: Watch): (readonly [resource: string, version: string])[] {
    const { namespaces = [] } = this.#options
    const parts = registration instanceof MergedRegistration ? registration.parts : []
    return [
      [resource, registration.resourceVersion],
      ...parts.map(
        (part, index) => [resourceIn(resource, namespaces[index]!), part.resourceVersion] as const,
      ),
    ]
  }

  /** Tells handlers of kinds nothing more. Other sources end with the signal. */
  end(): void {
    for (const dispose of this.#disposers) dispose()
  }

  async #startInTime(source: Source, timeout: number): Promise<void> {
    const { clock, signal, lifecycleLogLevel: level } = this.#options
    const late = new AbortController()
    this.#controller.log[level]('Starting EventSource', { source: describeSource(source) })
    const timer = clock.setTimer(() => late.abort(lateError(this.#controller, source)), timeout)
    try {
      const started = source.type === 'Kind' ? this.#watch(source) : this.#startSource(source)
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

  async #watch(source: KindSource): Promise<void> {
    const { queue } = this.#controller
    const { cache, onEvent } = this.#options
    const informer = cache.informerFor(source.kind, { onlyMetadata: source.onlyMetadata })
    const failed = new AbortController()
    const tell = async (object: KubernetesObject, dispatch: () => Promise<void>) => {
      if (isState(source.kind, object)) return
      const isHandled = await this.#handle(source, object, dispatch, () => failed.abort())
      if (isHandled) onEvent()
      else watch.versionsAtEnd ??= this.#versionsOf(watch)
    }
    const registration = informer.addEventHandler({
      onAdd: (object, isInInitialList) =>
        tell(object, () => dispatchCreate(source, object, isInInitialList, queue)),
      onUpdate: (previous, object) => tell(object, () => dispatchUpdate(source, previous, object, queue)),
      onDelete: (object, isStateUnknown) =>
        tell(object, () => dispatchDelete(source, object, isStateUnknown, queue)),
    })
    const watch: Watch = { resource: resourceOf(source.kind), registration }
    this.#watches.push(watch)
    this.#disposers.push(() => informer.removeEventHandler(registration))
    await Promise.race([registration.synced, untilAborted(failed.signal)])
  }

  /** False if the sources end before the event could be handled. */
  #handle(
    source: KindSource,
    { metadata: { namespace, name } }: KubernetesObject,
    dispatch: () => Promise<void>,
    onFailure: () => void,
  ): Promise<boolean> {
    const { clock, signal } = this.#options
    return keepTrying(dispatch, {
      clock,
      signal,
      onFailure: (error) => {
        const values = { source: describeSource(source), object: { namespace, name } }
        this.#controller.log.error(error, 'An event could not be handled', values)
        onFailure()
      },
    })
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
