import { isGone, isResourceExpired, StatusError, type Unstructured, type WatchEvent } from '@k1s/apimachinery'
import type { Info } from '@k1s/cli-runtime'
import type { Client } from '@k1s/core'

export interface WatchUntilOptions {
  /** Milliseconds since the epoch. */
  readonly deadline: number
  readonly resourceVersion: string
}

type Change = Exclude<WatchEvent<Unstructured>, { readonly type: 'ERROR' }>

/**
 * Watches one object until `isFound` says so of an event, and returns its object. Undefined if the watch ends before: at
 * the deadline, or since a server ends watches now and then, which is no reason to give up.
 */
export async function watchUntil(
  client: Client,
  { mapping, name, namespace }: Info,
  { deadline, resourceVersion }: WatchUntilOptions,
  isFound: (change: Change) => boolean,
): Promise<Unstructured | undefined> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), Math.min(deadline - Date.now(), 2 ** 31 - 1))
  try {
    const events = client.watch(mapping, {
      ...(mapping.namespaced && { namespace }),
      fieldSelector: `metadata.name=${name}`,
      resourceVersion,
      signal: abort.signal,
    })
    for await (const event of events) {
      if (event.type === 'BOOKMARK') continue
      if (event.type === 'ERROR') throw new StatusError(event.object)
      if (isFound(event)) return event.object
    }
  } catch (error) {
    // What is too old to go on from is read again.
    if (!abort.signal.aborted && !isGone(error) && !isResourceExpired(error)) throw error
  } finally {
    clearTimeout(timer)
  }
  return undefined
}
