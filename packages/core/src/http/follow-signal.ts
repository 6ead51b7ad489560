import { setMaxListeners } from 'node:events'

/** Calls `onAbort` when the signal is aborted, or at once if it has been. Returns what ends that. */
export function followSignal(
  signal: AbortSignal | undefined,
  onAbort: (reason: unknown) => void,
): () => void {
  if (signal === undefined) return () => {}
  const listener = () => onAbort(signal.reason)
  if (signal.aborted) listener()
  // Any number of requests may share a signal; Node 20 takes more than ten listeners for a leak.
  setMaxListeners(0, signal)
  signal.addEventListener('abort', listener, { once: true })
  return () => signal.removeEventListener('abort', listener)
}
