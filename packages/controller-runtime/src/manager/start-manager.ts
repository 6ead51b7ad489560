import { abortPatience } from '../controller/abort-patience.ts'
import { notEnded } from '../controller/start-controller.ts'
import { runLeaderElection } from '../leader-election/leader-elector.ts'
import { keepProcess } from './keep-process.ts'
import type { ManagerParts, ManagerSurroundings } from './manager-parts.ts'
import { PartStarter } from './part-starter.ts'
import { RunningTasks } from './running-tasks.ts'
import { serveEndpoints } from './serve-endpoints.ts'

/** What a running manager has besides its surroundings. */
export interface StartOptions extends ManagerSurroundings {
  readonly signal: AbortSignal
  /** Aborts when nothing is waited for any longer. */
  readonly hurry: AbortSignal | undefined
  /** Called once this manager is the elected one. */
  readonly elect: () => void
  /** Called once what the manager has is started: the starter is to be told of what is added from then on. */
  readonly onStarted: (starter: PartStarter) => void
}

/**
 * Runs everything that was added to a manager: `controllerManager.Start`. In this order: servers of health and metrics, the
 * cache, what needs no election, the election, all else. When the signal aborts, nothing new is begun, and what is under way is
 * waited for; the cache ends after those that read from it. Nothing is waited for once the election is lost.
 */
export async function startManager(parts: ManagerParts, options: StartOptions): Promise<void> {
  const { signal, clock, gracePeriod, logger, lifecycleLogLevel: level } = options
  const endpoints = await serveEndpoints(parts, options)
  const tasks = new RunningTasks(signal)
  const hurry = new AbortController()
  const onHurry = () => hurry.abort()
  options.hurry?.addEventListener('abort', onHurry)
  const cacheStop = new AbortController()
  const letProcessEnd = keepProcess()
  hurry.signal.addEventListener('abort', letProcessEnd)
  try {
    const cache = await options.cache.beginWatching(cacheStop.signal)
    const following = cache.start(cacheStop.signal)
    following.catch((error) => tasks.fail(error))
    const starter = new PartStarter(parts, { ...options, tasks, cache, hurry: hurry.signal })
    options.onStarted(starter)
    const election = elect(options, starter, tasks, hurry)
    await tasks.stopped()
    logger[level]('Stopping and waiting for non leader election runnables')
    logger[level]('Stopping and waiting for leader election runnables')
    const patience = hurry.signal.aborted ? 0 : gracePeriod
    const hasEnded = await tasks.settle(clock, patience + momentsToEnd)
    if (!hasEnded) tasks.fail(notEnded(patience))
    await election.end(hasEnded)
    logger[level]('Stopping and waiting for caches')
    cacheStop.abort()
    await following.catch(() => undefined)
  } finally {
    options.hurry?.removeEventListener('abort', onHurry)
    letProcessEnd()
    cacheStop.abort()
    logger[level]('Stopping and waiting for HTTP servers')
    await endpoints.close()
  }
  tasks.end()
  logger[level]('Wait completed, proceeding to shutdown the manager')
}

/** What controllers may take beyond the grace period, to abort reconciles and to save how far they are, milliseconds. */
const momentsToEnd = 2 * abortPatience

/**
 * The Lease is given back when what needed it has ended, and not before. `hurry` is aborted when what is under way is not to be
 * waited for.
 */
function elect(
  options: StartOptions,
  starter: PartStarter,
  tasks: RunningTasks,
  hurry: AbortController,
): { end(hasEnded: boolean): Promise<void> } {
  const onElected = () => {
    options.elect()
    starter.elected()
  }
  const { leaderElection } = options.options
  if (leaderElection === undefined) {
    onElected()
    return { end: async () => undefined }
  }
  const stop = new AbortController()
  const { client, clock, logger, stateNamespace, work } = options
  const piece = { describe: () => `leader election ${leaderElection.id}` }
  const ended = runLeaderElection({
    client,
    clock,
    logger: logger.withName('leaderelection'),
    options: { namespace: stateNamespace, ...leaderElection },
    signal: stop.signal,
    onStartedLeading: () => {
      work?.beginController(piece)
      onElected()
    },
    status: options.metrics.leaderStatus(leaderElection.id),
  })
    .catch((error) => {
      // Somebody else may be the leader by now.
      hurry.abort()
      tasks.fail(error)
    })
    .finally(() => work?.endController(piece))
  return {
    end: (hasEnded) => {
      if (!hasEnded) {
        void tasks.ended().then(() => stop.abort())
        return Promise.resolve()
      }
      stop.abort()
      return ended
    },
  }
}
