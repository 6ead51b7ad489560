import type { RunningSource } from './source.ts'

/**
 * Requests that a function adds to the queue itself: `source.Func`. It resolves once it is ready to, and goes on until its
 * signal aborts. What it throws before that, the start of the controller throws.
 */
export function functionSource(name: string, start: RunningSource['start']): RunningSource {
  return { type: 'Running', name, start }
}
