import type { Duration } from '@k1s/controller-runtime'
import type { ApiRequest } from '@k1s/core'
import type { RequestMatch } from '../requests/request-match.ts'
import type { FaultHandle, FaultOptions } from './fault.ts'

export interface FailOptions extends FaultOptions {
  /** What is thrown: a StatusError, such as `newInternalError('disk full')`, or what a network makes of it. */
  readonly error: Error | ((request: ApiRequest) => Error)
  /**
   * The request is done, and only its answer is lost, as when a connection breaks at a bad moment. Default: false, it is not
   * done. Watches fail before they are opened in either case.
   */
  readonly afterwards?: boolean
}

export interface LatencyOptions extends FaultOptions {
  /** How long requests wait before they are done, by the clock of the environment. */
  readonly delay: Duration
}

export interface DropOptions extends Omit<RequestMatch, 'verb' | 'name'> {
  /** They end with an ERROR event of code 410, so that the watcher has to list again. Default: false, they just end. */
  readonly expired?: boolean
}

/**
 * What goes wrong with requests, when a test wants it to. A request that several faults are meant for waits for all latencies, and
 * gets the error that was asked for first. A verb or resource that no request can have is a RangeError, and an option that there
 * is not a TypeError, which show those that there are.
 */
export interface Faults {
  /**
   * Requests conflict, as if somebody else had written the object in between: code 409, with the text of an API server. Default of
   * `verb`: update and patch.
   */
  conflict(options?: FaultOptions): FaultHandle
  fail(options: FailOptions): FaultHandle
  latency(options: LatencyOptions): FaultHandle
  /** Ends the watches that are open now, as when a connection is lost. Watches begun later are not touched. */
  dropWatches(options?: DropOptions): FaultHandle
  /** Removes all faults; what waits goes on. */
  clear(): void
}
