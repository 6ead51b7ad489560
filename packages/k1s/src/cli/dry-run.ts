import type { OutputStream } from '@k1s/cli-runtime'
import { type FlagSet, parseBoolean } from './flag-set.ts'

/** `client`: print what would be sent. `server`: everything but storing it. */
export type DryRunStrategy = 'none' | 'client' | 'server'

export interface DryRunFlags {
  dryRun: string
}

export function addDryRunFlag(set: FlagSet): void {
  set.option(
    '--dry-run [unchanged]',
    'Must be "none", "server", or "client". If client strategy, only print the object that would be sent, without sending it. If server strategy, submit server-side request without persisting the resource.',
    undefined,
    'none',
  )
}

/** As GetDryRunStrategy of `k8s.io/kubectl/pkg/cmd/util`, with its texts. */
export function dryRunStrategy({ dryRun }: DryRunFlags, err: OutputStream): DryRunStrategy {
  if (dryRun === 'none' || dryRun === 'client' || dryRun === 'server') return dryRun
  if (dryRun === 'unchanged') {
    err.write('warning: --dry-run is deprecated and can be replaced with --dry-run=client.\n')
    return 'client'
  }
  let strategy: DryRunStrategy
  try {
    strategy = parseBoolean(dryRun) ? 'client' : 'none'
  } catch {
    throw new Error(`Invalid dry-run value (${dryRun}). Must be "none", "server", or "client".`)
  }
  err.write(
    `warning: --dry-run=${dryRun} is deprecated (boolean value) and can be replaced with --dry-run=${strategy}.\n`,
  )
  return strategy
}

/** `created`, `created (dry run)` or `created (server dry run)`. */
export function dryRunOperation(operation: string, strategy: DryRunStrategy): string {
  if (strategy === 'none') return operation
  return `${operation} (${strategy === 'client' ? '' : 'server '}dry run)`
}
