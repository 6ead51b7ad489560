import { constants } from 'node:os'

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

/** The reason of the AbortSignal of {@link setupSignalHandler}. */
export class StoppedBySignal extends Error {
  override name = 'StoppedBySignal'
  readonly signal: StopSignal

  constructor(signal: StopSignal) {
    super(`stopped by ${signal}`)
    this.signal = signal
  }
}

/**
 * Aborts with the first of these signals, for an orderly end; a second one ends the process at once with the exit code that
 * shells know, 128 and the number of the signal. `sigs.k8s.io/controller-runtime/pkg/manager/signals`. Listening begins with
 * the call, and does not keep the process alive.
 */
export function setupSignalHandler(signals: readonly StopSignal[] = ['SIGINT', 'SIGTERM']): AbortSignal {
  const stop = new AbortController()
  for (const name of signals) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(128 + constants.signals[name])
      stop.abort(new StoppedBySignal(name))
    })
  }
  return stop.signal
}
