import type { Request } from '../reconcile.ts'

/** What a triggered run did. */
export interface RunReport {
  readonly controllers: readonly ControllerReport[]
  /** Milliseconds. */
  readonly duration: number
}

export interface ControllerReport {
  readonly controller: string
  /**
   * - `idle`: nothing is left to do now.
   * - `elsewhere`: another process runs this controller and got as far as this run was to.
   * - `interrupted`: the deadline or signal came first; what is left is remembered.
   * - `failed`: what it watches could not be read, or its state not be kept; `error` says why. Nothing is forgotten.
   */
  readonly outcome: 'idle' | 'elsewhere' | 'interrupted' | 'failed'
  readonly error?: unknown
  /** How many reconciles there were, and how many of them failed. */
  readonly reconciles: number
  readonly failures: number
  /** The last error of each request that failed and was not reconciled since. */
  readonly errors: readonly { readonly request: Request; readonly error: unknown }[]
  /** How many requests wait for their time. */
  readonly pending: number
  /** When the first of them is due, in milliseconds since the epoch. */
  readonly nextDue: number | undefined
}
