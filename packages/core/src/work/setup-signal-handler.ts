/** Their numbers, the same on all systems. */
const numbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const

export type StopSignal = keyof typeof numbers

/** The reason of the AbortSignal of {@link setupSignalHandler}. */
export class StoppedBySignal extends Error {
  override name = 'StoppedBySignal'
  readonly signal: StopSignal
  /** What shells know a process by that the signal ended: 128 and its number. */
  readonly exitCode: number

  constructor(signal: StopSignal) {
    super(`stopped by ${signal}`)
    this.signal = signal
    this.exitCode = 128 + numbers[signal]
  }
}

/**
 * Aborts with the first of these signals, for an orderly end; a second one ends the process at once with its exit code.
 * `sigs.k8s.io/controller-runtime/pkg/manager/signals`. Listening begins with
 * the call, and does not keep the process alive.
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
