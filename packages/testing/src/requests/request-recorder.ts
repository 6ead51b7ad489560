import { checkFields } from '@k1s/apimachinery'
import type { KnownResources } from './known-resources.ts'
import type { RecordedRequest } from './recorded-request.ts'
import { matches, type RequestMatch, requestMatchFields } from './request-match.ts'

/** Requests, in the order in which they were made. */
export class RequestList implements Iterable<RecordedRequest> {
  protected readonly requests: RecordedRequest[]
  readonly #known: KnownResources

  constructor(known: KnownResources, requests: RecordedRequest[] = []) {
    this.#known = known
    this.requests = requests
  }

  get length(): number {
    return this.requests.length
  }

  /** As `Array.prototype.at`: negative numbers count from the end. */
  at(index: number): RecordedRequest | undefined {
    return this.requests.at(index)
  }

  /**
   * Those that are meant, as of now. Throws a RangeError if there are none and the verb or resource is such as no request can
   * have, and a TypeError for anything else to go by.
   */
  of(match: RequestMatch): RequestList {
    checkFields('requests.of', match, requestMatchFields)
    const found = this.requests.filter((request) => matches(match, request))
    // Resources that the API does not have can be asked for, too.
    if (found.length === 0) this.#known.check(match)
    return new RequestList(this.#known, found)
  }

  [Symbol.iterator](): Iterator<RecordedRequest> {
    return this.requests[Symbol.iterator]()
  }

  /** A line for each, such as `update items.inventory.k1s.dev/status default/laptop → 409 Conflict`. */
  toString(): string {
    return this.requests.join('\n')
  }
}

/** All that is asked of an environment for objects. Questions about the API itself, as by discovery, are not recorded. */
export class RequestRecorder extends RequestList {
  /** Called by whoever records. */
  add(request: RecordedRequest): void {
    this.requests.push(request)
  }

  /** Forgets what was recorded until now. */
  clear(): void {
    this.requests.length = 0
  }
}
