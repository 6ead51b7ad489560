import type { HolderProcess } from '../leader-election/holder-process.ts'
import type { Request } from '../reconcile.ts'

/** What a triggered run did: the result of `manager.runOnce`. */
export interface RunReport {
  readonly controllers: readonly ControllerReport[]
  /** Milliseconds. */
  readonly duration: number
}

export interface ControllerReport {
  readonly controller: string
  /**
   * - `idle`: nothing is left to do now; what is `pending` waits for its time.
   * - `elsewhere`: another process runs this controller, and has done what this run found to do.
   * - `interrupted`: the deadline or signal came first; what is left is remembered.
   * - `failed`: what it watches could not be read, or its state could not be read or saved, or its Lease was lost; `error` says
   *   why. The next run does what is left.
   */
  readonly outcome: 'idle' | 'elsewhere' | 'interrupted' | 'failed'
  readonly error?: unknown
  /** The identity of the process that it was still waiting for when it was interrupted. */
  readonly holder?: string
  /** That process, where the identity says which it is. */
  readonly holderProcess?: HolderProcess
  /** How many reconciles there were, and how many of them failed. */
  readonly reconciles: number
  readonly failures: number
  /** The last error of each request that failed and was not reconciled since. */
  readonly errors: readonly { readonly request: Request; readonly error: unknown }[]
  /** How many requests are left, or wait for their time. */
  readonly pending: number
  /** When the first of them is due, in milliseconds since the epoch. */
  readonly nextDue: number | undefined
}
