import { type KubernetesList, StatusError, type WatchEvent } from '@k1s/apimachinery'
import type { Client, Kind, ListOptions, WatchOptions } from '@k1s/core'
import type { ConfigMap } from './kinds.ts'

type Event = WatchEvent<ConfigMap>

/** A watch whose events are those that a test sends. */
export class ScriptedWatch implements AsyncIterable<Event> {
  readonly #items: (Event | Error)[] = []
  #ended = false
  #wake = () => {}

  send(...events: Event[]): void {
    this.#items.push(...events)
    this.#wake()
  }

  /** With an error, it is thrown after what was sent. */
  end(error?: Error): void {
    if (error !== undefined) this.#items.push(error)
    this.#ended = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event> {
    for (;;) {
      for (let item = this.#items.shift(); item !== undefined; item = this.#items.shift()) {
        if (item instanceof Error) throw item
        yield item
      }
      if (this.#ended) return
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}

export type ListAnswer = KubernetesList<ConfigMap> | Error

/** A client whose lists are answered as told, the last answer again and again, and whose watches a test has in hand. */
export class ScriptedSource {
  readonly lists: ListOptions[] = []
  readonly watches: (WatchOptions & { readonly events: ScriptedWatch })[] = []
  readonly #answers: ListAnswer[]

  constructor(...answers: ListAnswer[]) {
    this.#answers = answers
  }

  readonly client = {
    list: async (_: Kind, { signal: __, ...options }: ListOptions) => {
      this.lists.push(options)
      const answer = this.#answers.length > 1 ? this.#answers.shift()! : this.#answers[0]!
      if (answer instanceof Error) throw answer
      return { ...answer, items: [...answer.items] }
    },
    watch: (_: Kind, { signal, ...options }: WatchOptions) => {
      const events = new ScriptedWatch()
      signal?.addEventListener('abort', () => events.end())
      if (signal?.aborted) events.end()
      this.watches.push({ ...options, events })
      return events
    },
  } as unknown as Client

  /** The watch that was begun last. */
  get watch(): ScriptedWatch {
    return this.watches.at(-1)!.events
  }
}

export function listed(
  resourceVersion: string,
  items: ConfigMap[] = [],
  more: { continue?: string } = {},
): KubernetesList<ConfigMap> {
  return { apiVersion: 'v1', kind: 'ConfigMapList', metadata: { resourceVersion, ...more }, items }
}

export function object(name: string, version: string, data: { [key: string]: string } = {}): ConfigMap {
  const metadata = { name, namespace: 'default', uid: name, resourceVersion: version }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }
}

export function bookmark(resourceVersion: string): Event {
  return {
    type: 'BOOKMARK',
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { resourceVersion } } as ConfigMap,
  }
}

export function failed(error: unknown): Event {
  if (!(error instanceof StatusError)) throw error
  return { type: 'ERROR', object: error.status }
}
