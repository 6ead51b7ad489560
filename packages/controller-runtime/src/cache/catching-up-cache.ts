import type { KubernetesList, KubernetesObject } from '@k1s/apimachinery'
import type { Client, Kind, ResourceKind } from '@k1s/core'
import { IndexedStore, objectKeyOf } from '@k1s/core/informers'
import { changesSince, currentObjects } from '../trigger/replay.ts'
import type { CacheListOptions, Reader } from './cache.ts'
import type { FieldIndexes } from './field-indexes.ts'
import { kindKey } from './kind-key.ts'
import { isAnsweredLive, listLive, selectObjects } from './select-objects.ts'

/**
 * A cache without watches, for triggered runs: before each list it asks the API what has changed since the last one, so that
 * its answers are never older than the call. That is cheap only on an API in process.
 */
export class CatchingUpCache implements Pick<Reader, 'list'> {
  readonly #client: Client
  readonly #namespaces: readonly string[] | undefined
  readonly #indexes: FieldIndexes
  readonly #kept = new Map<string, KeptKind>()

  constructor(client: Client, namespaces: readonly string[] | undefined, indexes: FieldIndexes) {
    this.#client = client
    this.#namespaces = namespaces
    this.#indexes = indexes
  }

  async list<T extends KubernetesObject>(
    kind: Kind<T>,
    options: CacheListOptions = {},
  ): Promise<KubernetesList<T>> {
    if (isAnsweredLive(options)) return listLive(this.#client, kind, options)
    const kept = this.#kept.get(kindKey(kind)) ?? this.#keep(kind as ResourceKind)
    // One at a time: two that catch up at once would apply the same changes.
    kept.caughtUp = kept.caughtUp.then(
      () => this.#catchUp(kept, options.signal),
      () => this.#catchUp(kept, options.signal),
    )
    await kept.caughtUp
    return selectObjects(kind, kept.store as IndexedStore<T>, kept.resourceVersion ?? '', options)
  }

  #keep(kind: ResourceKind): KeptKind {
    const kept: KeptKind = {
      kind,
      store: new IndexedStore(this.#indexes.of<KubernetesObject>(kind)),
      resourceVersion: undefined,
      caughtUp: Promise.resolve(),
    }
    this.#kept.set(kindKey(kind), kept)
    return kept
  }

  async #catchUp(kept: KeptKind, signal: AbortSignal = new AbortController().signal): Promise<void> {
    const { kind, store, resourceVersion } = kept
    const options = { client: this.#client, namespaces: this.#namespaces, signal }
    const found =
      resourceVersion === undefined ? undefined : await changesSince(kind, resourceVersion, options)
    if (found === undefined) {
      const { items, resourceVersion: listed } = await currentObjects(kind, options)
      for (const key of [...store.keys()]) store.remove(key)
      for (const object of items) store.put(object)
      kept.resourceVersion = listed
      return
    }
    for (const { type, object } of found.changes) {
      if (type === 'DELETED') store.remove(objectKeyOf(object))
      else store.put(object)
    }
    kept.resourceVersion = found.resourceVersion
  }
}

interface KeptKind {
  readonly kind: ResourceKind
  readonly store: IndexedStore<KubernetesObject>
  resourceVersion: string | undefined
  caughtUp: Promise<void>
}
