import { type FlagSet, parseBoolean } from '../flag-set.ts'

/** Of commands that write. To have it is what makes a command one that may have an after-write hook. */
export function addRunControllersFlag(set: FlagSet): void {
  set.option(
    '--run-controllers [bool]',
    'If true, and the k1s.config.ts of the project says so, run its controllers on what was written before returning (default $K1S_RUN_CONTROLLERS).',
    parseBoolean,
    true,
  )
}
