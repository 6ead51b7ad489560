import type { InformerCache } from '../cache/cache.ts'
import type { Controller } from '../controller/controller.ts'
import { startController } from '../controller/start-controller.ts'
import { runLeaderElection } from '../leader-election/leader-elector.ts'
import type { ManagerParts, ManagerSurroundings } from './manager-parts.ts'
import { RunningTasks } from './running-tasks.ts'
import { serveEndpoints } from './serve-endpoints.ts'

/** What a running manager has besides its surroundings. */
export interface StartOptions extends ManagerSurroundings {
  readonly signal: AbortSignal
  /** Called once this manager is the elected one. */
  readonly elect: () => void
}

/**
 * Runs everything that was added to a manager: `controllerManager.Start`. In this order: servers of health and metrics, the
 * cache, what needs no election, the election, all else. When the signal aborts, nothing new is begun, and what is under way is
 * waited for; the cache ends after those that read from it.
 */
export async function startManager(parts: ManagerParts, options: StartOptions): Promise<void> {
  const { signal, logger, clock, gracePeriod } = options
  const tasks = new RunningTasks(signal)
  const cacheStop = new AbortController()
  const endpoints = await serveEndpoints(parts, options)
  try {
    const cache = await options.cache.beginWatching(cacheStop.signal)
    const following = cache.start(cacheStop.signal)
    following.catch((error) => tasks.fail(error))
    startAll(parts, false, { tasks, cache, options })
    const election = electAndStart(parts, { tasks, cache, options })
    await tasks.stopped()
    if (!(await tasks.settle(clock, gracePeriod))) {
      logger.info('Not everything ended within the grace period', { gracePeriodMs: gracePeriod })
    }
    await election.end()
    cacheStop.abort()
    await following.catch(() => undefined)
  } finally {
    cacheStop.abort()
    await endpoints.close()
  }
  tasks.end()
}

interface Running {
  readonly tasks: RunningTasks
  readonly cache: InformerCache
  readonly options: StartOptions
}

/** The Lease is given back when what needed it has ended, and not before. */
function electAndStart(parts: ManagerParts, running: Running): { end(): Promise<void> } {
  const { tasks, options } = running
  const onElected = () => {
    options.elect()
    startAll(parts, true, running)
  }
  const { leaderElection } = options.options
  if (leaderElection === undefined) {
    onElected()
    return { end: async () => undefined }
  }
  const stop = new AbortController()
  const { client, clock, logger, stateNamespace } = options
  const ended = runLeaderElection({
    client,
    clock,
    logger: logger.withName('leaderelection'),
    options: { namespace: stateNamespace, ...leaderElection },
    signal: stop.signal,
    onStartedLeading: onElected,
    status: options.metrics.leaderStatus(leaderElection.id),
  }).catch((error) => tasks.fail(error))
  return {
    end: () => {
      stop.abort()
      return ended
    },
  }
}

function startAll(
  parts: ManagerParts,
  needLeaderElection: boolean,
  { tasks, cache, options }: Running,
): void {
  for (const runnable of parts.runnables) {
    if ((runnable.needLeaderElection ?? true) === needLeaderElection) {
      tasks.run(() => runnable.start(tasks.signal))
    }
  }
  for (const controller of parts.controllers.values()) {
    if (isStarted(controller) && (controller.options.needLeaderElection ?? true) === needLeaderElection) {
      tasks.run(() => startController(controller, { ...options, cache, signal: tasks.signal }))
    }
  }
}

/** Those that somebody has to ask for are left alone. */
function isStarted({ triggers }: Controller): boolean {
  return triggers.some(({ type }) => type !== 'manual')
}
