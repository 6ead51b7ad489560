import { processOfHolder, stateOfHolder } from './process-identity.ts'

/** A process that holds a Lease. */
export interface HolderProcess {
  readonly host: string
  readonly pid: number
  /** `stopped` by a signal; `unknown` for one of another machine. */
  readonly state: 'alive' | 'stopped' | 'dead' | 'unknown'
}

/** The process that a holder calls itself by; undefined if its identity does not say which it is. */
export function holderProcess(identity: string): HolderProcess | undefined {
  const process = processOfHolder(identity)
  return process && { ...process, state: stateOfHolder(identity) }
}
