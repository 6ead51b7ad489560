import type { RecordedRequest } from './recorded-request.ts'
import { matches, type RequestMatch } from './request-match.ts'

/** Requests, in the order in which they were made. */
export class RequestList implements Iterable<RecordedRequest> {
  protected readonly requests: RecordedRequest[]

  constructor(requests: RecordedRequest[] = []) {
    this.requests = requests
  }

  get length(): number {
    return this.requests.length
  }

  /** As `Array.prototype.at`: negative numbers count from the end. */
  at(index: number): RecordedRequest | undefined {
    return this.requests.at(index)
  }

  /** Those that are meant, as of now. */
  of(match: RequestMatch): RequestList {
    return new RequestList(this.requests.filter((request) => matches(match, request)))
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
