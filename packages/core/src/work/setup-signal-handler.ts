/** Their numbers, which are the same on all systems: an import of `node:os` costs a start more. */
const numbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const

export type StopSignal = keyof typeof numbers

/** Why the AbortSignal of {@link setupSignalHandler} was aborted: its `reason`. */
export class StoppedBySignal extends Error {
  override name = 'StoppedBySignal'
  readonly signal: StopSignal
  /** 128 plus the number of the signal: what a shell says of a process that the signal ended. */
  readonly exitCode: number

  constructor(signal: StopSignal) {
    super(`stopped by ${signal}`)
    this.signal = signal
    this.exitCode = 128 + numbers[signal]
  }
}

/**
 * Aborts with the first of these signals, for an orderly end; a second one ends the process at once with its exit code.
 * `sigs.k8s.io/controller-runtime/pkg/manager/signals`. Listening begins with the call, goes on until the process ends, and
 * does not keep it alive.
 */
export function setupSignalHandler(signals: readonly StopSignal[] = ['SIGINT', 'SIGTERM']): AbortSignal {
  const stop = new AbortController()
  for (const name of signals) {
    process.on(name, () => {
      const reason = new StoppedBySignal(name)
      if (stop.signal.aborted) process.exit(reason.exitCode)
      stop.abort(reason)
    })
  }
  return stop.signal
}
