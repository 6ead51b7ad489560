import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import type { GenericEvent } from '../event.ts'
import type { EventHandler } from '../handler/event-handler.ts'
import type { Predicate } from '../predicate/predicate.ts'
import type { RequestQueue } from '../queue/request-queue.ts'
import type { RunningSource } from './source.ts'

export interface ChannelSourceOptions<T extends KubernetesObject> {
  /** Events have to pass all of them. */
  readonly predicates?: readonly Predicate<T>[]
  /**
   * Called with what a predicate or the handler throws, after which the next event comes, and with what `events` throws, also by its
   * end, after which none do. Default: the log of the controller.
   */
  readonly onError?: (error: unknown) => void
}

/**
 * Events from outside of the API, such as the calls of a webhook: `source.Channel`. They come from an `EventChannel` or any
 * other iterable, each when the handler is done with the one before. The iteration ends when the source does.
 */
export function channelSource<T extends KubernetesObject = Unstructured>(
  name: string,
  events: AsyncIterable<GenericEvent<T>>,
  handler: EventHandler<T>,
  { predicates = [], onError }: ChannelSourceOptions<T> = {},
): RunningSource {
  const handle = async (event: GenericEvent<T>, queue: RequestQueue) => {
    const passes = predicates.every((predicate) => predicate.generic?.(event) ?? true)
    if (passes) await handler.generic?.(event, queue)
  }
  return {
    type: 'Running',
    name,
    start: (queue, signal, logError) => {
      const tell = onError ?? logError
      const reading = forEachUntil(signal, events, (event) => handle(event, queue).catch(tell), tell)
      void reading.catch(tell)
      return Promise.resolve()
    },
  }
}

/** Throws what the iteration throws. `onEndError` takes what ending it throws, for which nobody waits. */
async function forEachUntil<T>(
  signal: AbortSignal,
  items: AsyncIterable<T>,
  callback: (item: T) => Promise<void>,
  onEndError: (error: unknown) => void,
): Promise<void> {
  if (signal.aborted) return
  const iterator = items[Symbol.asyncIterator]()
  const end = async () => {
    try {
      await iterator.return?.()
    } catch (error) {
      onEndError(error)
    }
  }
  signal.addEventListener('abort', end)
  try {
    for (let next = await iterator.next(); !next.done && !signal.aborted; next = await iterator.next()) {
      await callback(next.value)
    }
  } finally {
    signal.removeEventListener('abort', end)
  }
}
