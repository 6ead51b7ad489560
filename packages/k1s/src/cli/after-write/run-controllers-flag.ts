import { type FlagSet, parseBoolean } from '../flag-set.ts'

export interface RunControllersFlag {
  runControllers?: boolean
}

/** Of commands that write, which may have an after-write hook. */
export function addRunControllersFlag(set: FlagSet): void {
  set.option(
    '--run-controllers [bool]',
    'If true, and the k1s.config.ts of the project says so, run its controllers on what was written before returning (default $K1S_RUN_CONTROLLERS).',
    parseBoolean,
    true,
  )
}
