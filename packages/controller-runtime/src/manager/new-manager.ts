import { type Clock, systemClock } from '@k1s/apimachinery'
import type { Client, WorkTracker } from '@k1s/core'
import { createEventBroadcaster, type EventBroadcaster, type EventRecorder } from '@k1s/core/events'
import type { Reader } from '../cache/cache.ts'
import { ManagerCache } from '../cache/manager-cache.ts'
import { cachingClient } from '../client/caching-client.ts'
import { Controller } from '../controller/controller.ts'
import type { ControllerDefinition } from '../controller/controller-definition.ts'
import { milliseconds } from '../duration.ts'
import type { HealthCheck } from '../health/health-check.ts'
import { newLogger } from '../log/json-logger.ts'
import type { Logger } from '../log/logger.ts'
import { createMetrics } from '../metrics/create-metrics.ts'
import type { ManagerMetrics } from '../metrics/manager-metrics.ts'
import { guardedRateLimiter } from '../queue/guarded-rate-limiter.ts'
import { createWorkQueue } from '../queue/priority-queue.ts'
import { defaultRateLimiter } from '../queue/rate-limiters.ts'
import { runOnce } from '../trigger/run-once.ts'
import type { RunReport } from '../trigger/run-report.ts'
import { defaultStateNamespace, StateStore } from '../trigger/state-store.ts'
import { isAutomatic } from '../trigger/trigger.ts'
import { checkManagerOptions, checkRunOptions } from './check-options.ts'
import { keepProcess } from './keep-process.ts'
import type { ManagedAPI, Manager, ManagerOptions, Runnable, RunOptions } from './manager.ts'
import type { ManagerParts } from './manager-parts.ts'
import type { PartStarter } from './part-starter.ts'
import { withStorageCheck } from './storage-check.ts'

/**
 * `manager.New`. It does nothing until it is started or run, and holds nothing that would have to be closed. Throws a TypeError for an
 * option that there is not.
 */
export function newManager(api: ManagedAPI, options: ManagerOptions = {}): Manager {
  checkManagerOptions(options)
  return new LocalManager(api, options)
}

const maxNameLength = 63 - 'k1s-controller-'.length
const defaultGracePeriod = 30_000

class LocalManager implements Manager {
  readonly client: Client & Reader
  readonly apiReader: Client
  readonly cache: ManagerCache
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: ManagerMetrics
  readonly elected: Promise<void>
  readonly #options: ManagerOptions
  readonly #work: WorkTracker | undefined
  readonly #checkStorage: (() => void) | undefined
  readonly #parts: ManagerParts
  readonly #elect: () => void
  #events: EventBroadcaster | undefined
  #isRunning = false
  /** While the manager is started. */
  #starter: PartStarter | undefined

  constructor(api: ManagedAPI, { namespaces = [], ...others }: ManagerOptions) {
    const { clock = systemClock } = api
    const options = { ...others, ...(namespaces.length > 0 && { namespaces }) }
    this.#options = options
    this.#work = api.work
    this.#checkStorage = api.checkStorage
    this.apiReader = api.client
    this.clock = clock
    this.logger = options.logger ?? newLogger({ clock })
    this.cache = new ManagerCache(api, { ...options, clock, logger: this.logger })
    this.client = cachingClient(api.client, this.cache)
    this.metrics = createMetrics(api.transport)
    let elect = () => {}
    this.elected = new Promise((resolve) => {
      elect = resolve
    })
    this.#elect = elect
    this.#parts = { controllers: new Map(), runnables: [], healthz: new Map(), readyz: new Map() }
  }

  eventRecorderFor(name: string): EventRecorder {
    this.#events ??= createEventBroadcaster({
      client: this.apiReader,
      clock: this.clock,
      onError: (error) => this.logger.withName('events').error(error, 'An event could not be recorded'),
    })
    return this.#events.newRecorder({ component: name })
  }

  get controllers(): readonly Controller[] {
    return [...this.#parts.controllers.values()]
  }

  addController(definition: ControllerDefinition): Controller {
    const { name, kind } = definition
    const options = { ...this.#options.controller, ...definition.options }
    checkName(name, this.#parts.controllers.has(name))
    const { clock, metrics } = this
    const log = this.logger.withValues({
      controller: name,
      ...(kind !== undefined && { controllerGroup: kind.group, controllerKind: kind.kind }),
    })
    const rateLimiter =
      options.rateLimiter === undefined
        ? defaultRateLimiter()
        : guardedRateLimiter(options.rateLimiter, (error) => log.error(error, 'The rate limiter failed'))
    const controller = new Controller({
      ...definition,
      options,
      rateLimiter,
      newQueue: () => createWorkQueue({ clock, rateLimiter, name, metrics }),
      metrics: metrics.controllerMetrics(name, options.maxConcurrentReconciles ?? 1),
      clock,
      work: this.#work,
      logOf: (request) =>
        request === undefined
          ? log
          : log.withValues({ ...(kind !== undefined && { [kind.kind]: request }), ...request }),
    })
    this.#parts.controllers.set(name, controller)
    this.#starter?.addedController(controller)
    return controller
  }

  add(added: Runnable | Runnable['start']): void {
    const runnable = typeof added === 'function' ? { start: added } : added
    if (typeof runnable?.start !== 'function') throw new TypeError('a runnable has a method start')
    this.#parts.runnables.push(runnable)
    this.#starter?.addedRunnable(runnable)
  }

  addHealthzCheck(name: string, check: HealthCheck): void {
    this.#checkAtRest('a health check cannot be added')
    this.#parts.healthz.set(name, check)
  }

  addReadyzCheck(name: string, check: HealthCheck): void {
    this.#checkAtRest('a readiness check cannot be added')
    this.#parts.readyz.set(name, check)
  }

  start(signal: AbortSignal): Promise<void> {
    return this.#exclusively(async () => {
      const { startManager } = await import('./start-manager.ts')
      await withStorageCheck(this.#checkStorage, this.#stopSignal(signal), (stop) =>
        startManager(this.#parts, {
          ...this.#surroundings(),
          signal: stop,
          hurry: this.#work?.hurry,
          elect: this.#elect,
          onStarted: (starter) => {
            this.#starter = starter
          },
        }),
      ).finally(() => {
        this.#starter = undefined
      })
    })
  }

  runOnce(options: RunOptions = {}): Promise<RunReport> {
    return this.#exclusively(async () => {
      checkRunOptions(options)
      const controllers = this.#selected(options.controllers)
      const stop = new AbortController()
      const letProcessEnd = keepProcess()
      try {
        await this.cache.beginRun(stop.signal)
        return await withStorageCheck(this.#checkStorage, this.#stopSignal(options.signal), (signal) =>
          runOnce(controllers, this.#surroundings(), { ...options, signal }),
        )
      } finally {
        letProcessEnd()
        stop.abort()
      }
    })
  }

  /** Aborts with the caller's signal, and when the runtime ends. */
  #stopSignal(signal: AbortSignal = new AbortController().signal): AbortSignal {
    return this.#work === undefined ? signal : AbortSignal.any([signal, this.#work.signal])
  }

  #surroundings() {
    const { apiReader: client, clock, cache, logger, metrics } = this
    const {
      stateNamespace = defaultStateNamespace,
      namespaces,
      gracefulShutdownTimeout,
      lifecycleLogLevel = 'info',
    } = this.#options
    return {
      options: this.#options,
      client,
      clock,
      cache,
      logger,
      lifecycleLogLevel,
      metrics,
      namespaces,
      stateNamespace,
      states: new StateStore(client, stateNamespace),
      work: this.#work,
      gracePeriod:
        gracefulShutdownTimeout === undefined ? defaultGracePeriod : milliseconds(gracefulShutdownTimeout),
    }
  }

  /** Those that were named, or else all that run without being named. Throws an Error for a name that no controller has. */
  #selected(names: readonly string[] | undefined): Controller[] {
    const { controllers } = this.#parts
    if (names === undefined) {
      return [...controllers.values()].filter(({ triggers }) => isAutomatic(triggers))
    }
    return names.map((name) => {
      const controller = controllers.get(name)
      if (controller !== undefined) return controller
      const known = [...controllers.keys()].join(', ')
      throw new Error(`there is no controller ${JSON.stringify(name)}; there are: ${known || 'none'}`)
    })
  }

  async #exclusively<T>(run: () => Promise<T>): Promise<T> {
    this.#checkAtRest('it cannot run twice at a time')
    this.#isRunning = true
    try {
      return await run()
    } finally {
      this.#isRunning = false
      await this.#events?.flush()
    }
  }

  #checkAtRest(consequence: string): void {
    if (this.#isRunning) throw new Error(`the manager is running: ${consequence}`)
  }
}

function checkName(name: string, isTaken: boolean): void {
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name) || name.length > maxNameLength) {
    throw new Error(
      `the name of a controller is a DNS label of at most ${maxNameLength} characters, which ${JSON.stringify(name)} is not: give it one with named()`,
    )
  }
  if (isTaken) {
    throw new Error(
      `controller with name ${name} already exists. Controller names must be unique, since the Lease, the state and the metrics of a controller are kept under its name: give this one another with named()`,
    )
  }
}
