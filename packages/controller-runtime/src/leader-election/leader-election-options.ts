import type { Duration } from '../duration.ts'

/** Who runs, when several managers could: `manager.Options` and `leaderelection.LeaderElectionConfig`. */
export interface LeaderElectionOptions {
  /** The name of the Lease. */
  readonly id: string
  /** Default: the namespace of the manager's states. */
  readonly namespace?: string
  /** How long others wait after the last renewal that they saw. Default: 15 s. */
  readonly leaseDuration?: Duration
  /** How long the leader tries to renew before it gives up. Default: 10 s. */
  readonly renewDeadline?: Duration
  /** Between two tries. Default: 2 s. */
  readonly retryPeriod?: Duration
  /** Give the Lease back when the manager ends or has lost it, so that the next need not wait. Default: true. */
  readonly releaseOnCancel?: boolean
}
