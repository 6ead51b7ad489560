import { followSignal } from './follow-signal.ts'

/**
 * The items of a generator, which end without an error when one of the signals is aborted or they are left, also while
 * the next one is waited for: a generator by itself would wait for it first.
 */
export function abortableEvents<T>(
  signals: readonly (AbortSignal | undefined)[],
  generate: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncIterableIterator<T> {
  const controller = new AbortController()
  const { signal } = controller
  const releases = signals.map((each) => followSignal(each, () => controller.abort()))
  const release = () => {
    for (const releaseOne of releases) releaseOne()
  }
  const items = generate(signal)
  return {
    async next() {
      try {
        const result = signal.aborted ? await items.return() : await items.next()
        if (!result.done) return result
      } catch (error) {
        release()
        if (!signal.aborted) throw error
      }
      release()
      return { done: true, value: undefined }
    },
    async return() {
      release()
      controller.abort()
      try {
        await items.return()
      } catch {
        // What ended by being aborted has nothing to tell any more.
      }
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
