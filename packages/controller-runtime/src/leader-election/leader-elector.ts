import { type Clock, sleep } from '@k1s/apimachinery'
import type { Client } from '@k1s/core'
import { milliseconds } from '../duration.ts'
import type { Logger } from '../log/logger.ts'
import { untilAborted } from '../until-aborted.ts'
import type { HeldLease } from './held-lease.ts'
import type { LeaderElectionOptions } from './leader-election-options.ts'
import { defaultLeaseTimes } from './lease.ts'
import { LeaseLock } from './lease-lock.ts'

/** Candidates do not all try at once: their waits differ by up to this part. */
const jitterFactor = 1.2

export interface LeaderElection {
  readonly client: Client
  readonly clock: Clock
  readonly logger: Logger
  readonly options: LeaderElectionOptions & { readonly namespace: string }
  /** Ends the candidature, or the leadership: the Lease is then given back. */
  readonly signal: AbortSignal
  readonly onStartedLeading: () => void
  /** Set to 1 while it leads. */
  readonly status: { value: number }
}

/**
 * Tries to become the leader, and stays it until the signal aborts: `leaderelection.LeaderElector.Run`. Throws an Error when
 * the Lease is lost, and for times that contradict each other.
 */
export async function runLeaderElection(election: LeaderElection): Promise<void> {
  const { client, clock, logger, options, signal, onStartedLeading, status } = election
  const { namespace, id: name, releaseOnCancel = true } = options
  const times = timesOf(options)
  const log = logger.withValues({ lock: `${namespace}/${name}` })
  const lock = new LeaseLock({ client, clock, namespace, name, log, ...times })
  log.info('Attempting to acquire leader lease...')
  const held = await acquire(lock, times.retryPeriod, election, log)
  if (held === undefined) return
  log.info('Successfully acquired lease')
  status.value = 1
  onStartedLeading()
  const ended = AbortSignal.any([signal, held.signal])
  await untilAborted(ended)
  status.value = 0
  if (!releaseOnCancel) held.keep()
  // Also one that was lost, as in client-go, if nobody has taken it yet. A server that does not answer then is not waited for.
  else await held.release().catch((error) => log.error(error, 'Failed to release lease'))
  if (held.signal.aborted) throw new Error('leader election lost', { cause: held.signal.reason })
}

async function acquire(
  lock: LeaseLock,
  retryPeriod: number,
  { clock, signal }: LeaderElection,
  log: Logger,
): Promise<HeldLease | undefined> {
  while (!signal.aborted) {
    try {
      const held = await lock.tryAcquire(signal)
      if (held !== undefined) return held
    } catch (error) {
      if (!signal.aborted) log.error(error, 'Failed to acquire lease')
    }
    await sleep(clock, retryPeriod * (1 + Math.random() * jitterFactor), signal)
  }
  return undefined
}

/** `NewLeaderElector` refuses the same. */
function timesOf(options: LeaderElectionOptions) {
  const time = (name: keyof typeof defaultLeaseTimes) =>
    options[name] === undefined ? defaultLeaseTimes[name] : milliseconds(options[name])
  const times = {
    leaseDuration: time('leaseDuration'),
    renewDeadline: time('renewDeadline'),
    retryPeriod: time('retryPeriod'),
  }
  if (times.leaseDuration <= times.renewDeadline)
    throw new Error('leaseDuration must be greater than renewDeadline')
  if (times.renewDeadline <= jitterFactor * times.retryPeriod) {
    throw new Error('renewDeadline must be greater than retryPeriod*JitterFactor')
  }
  if (times.retryPeriod < 1) throw new Error('retryPeriod must be greater than zero')
  return times
}
