import type { Unstructured, WatchEvent } from '@k1s/apimachinery'
import type { RequestOptions } from '../request.ts'
import type { Table } from '../table/table.ts'

type Event = WatchEvent<Unstructured>
type ObjectEvent = Exclude<Event, { type: 'ERROR' }>

/**
 * How far the receiver of a watch is. Until it has all the initial objects (`sendInitialEvents`) no resourceVersion says
 * that: they are sent again by the next request, and what differs from those that it has is passed on.
 */
export class WatchPosition {
  #resourceVersion: string | undefined
  /** The objects that the receiver has, by uid, as long as there may be more. */
  #initial: Map<string, Unstructured> | undefined
  /** Of `#initial`, those that the request that is under way has not sent yet. */
  #missing = new Set<string>()
  #unidentified = false

  constructor({ resourceVersion, sendInitialEvents }: RequestOptions) {
    this.#resourceVersion = resourceVersion
    this.#initial = sendInitialEvents ? new Map() : undefined
  }

  get resourceVersion(): string | undefined {
    return this.#resourceVersion
  }

  /** Whether the initial objects have yet to be sent. */
  get wantsInitialEvents(): boolean {
    return this.#initial !== undefined
  }

  /** False if the receiver has objects of which it cannot be told whether the next request sends them again. */
  get canContinue(): boolean {
    return this.#initial === undefined || !this.#unidentified
  }

  /** A request has been sent that goes on from here. */
  restart(): void {
    this.#missing = new Set(this.#initial?.keys())
  }

  /** What the receiver is to be told when the server tells this. */
  *take(event: ObjectEvent): Generator<Event> {
    if (this.#initial === undefined) yield event
    else if (event.type === 'BOOKMARK') yield* this.#takeBookmark(event, this.#initial)
    else yield* this.#takeInitial(event, this.#initial)
    const { resourceVersion } = event.object.metadata ?? {}
    if (this.#initial === undefined && resourceVersion) this.#resourceVersion = resourceVersion
  }

  /** Objects that the server no longer has when it has sent all are gone. */
  *#takeBookmark(event: ObjectEvent, initial: ReadonlyMap<string, Unstructured>): Generator<Event> {
    if (metadataOf(event.object)?.annotations?.['k8s.io/initial-events-end'] !== 'true') return
    for (const uid of this.#missing) yield { type: 'DELETED', object: initial.get(uid)! }
    this.#initial = undefined
    yield event
  }

  *#takeInitial(event: ObjectEvent, initial: Map<string, Unstructured>): Generator<Event> {
    const { object } = event
    const metadata = metadataOf(object)
    if (metadata?.uid === undefined) {
      this.#unidentified = true
      yield event
      return
    }
    const known = initial.get(metadata.uid)
    this.#missing.delete(metadata.uid)
    initial.set(metadata.uid, object)
    if (known === undefined) yield event
    else if (metadataOf(known)?.resourceVersion !== metadata.resourceVersion)
      yield { type: 'MODIFIED', object }
  }
}

/** Of a Table, that of the object in its row. */
function metadataOf(object: Unstructured) {
  return object.kind === 'Table' ? (object as unknown as Table).rows[0]?.object?.metadata : object.metadata
}
