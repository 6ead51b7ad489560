import {
  type Clock,
  type ClockTimer,
  newConflict,
  newResourceExpired,
  optimisticLockMessage,
} from '@k1s/apimachinery'
import type { ApiRequest, Transport } from '@k1s/core'
import { elapsedTime } from '../elapsed-time.ts'
import type { KnownResources } from '../requests/known-resources.ts'
import { observedEvents } from '../requests/observed-events.ts'
import { passedOn } from '../requests/recording-transport.ts'
import { matchedRequest, matches, type RequestVerb } from '../requests/request-match.ts'
import { checkConflict, checkDrop, checkError, checkFail, checkLatency } from './check-faults.ts'
import { Fault, type FaultHandle, type FaultOptions } from './fault.ts'
import type { DropOptions, FailOptions, Faults, LatencyOptions } from './faults.ts'
import { OpenWatch } from './open-watch.ts'

type Failure = Pick<FailOptions, 'error' | 'afterwards'>

/** Stands before a transport and does to requests what tests ask for. */
export class FaultInjector implements Faults {
  readonly #clock: Clock
  readonly #known: KnownResources
  readonly #failures = new Set<Fault<Failure>>()
  readonly #latencies = new Set<Fault<number>>()
  readonly #watches = new Set<OpenWatch>()
  readonly #waiting = new Set<() => void>()

  constructor(clock: Clock, known: KnownResources) {
    this.#clock = clock
    this.#known = known
  }

  conflict(options: FaultOptions = {}): FaultHandle {
    checkConflict(options)
    return this.fail({ verb: ['update', 'patch'], ...options, error: conflictOf })
  }

  fail(failure: FailOptions): FaultHandle {
    checkFail(failure)
    const { error, afterwards = false, ...options } = failure
    return this.#added(this.#failures, options, { error, afterwards })
  }

  latency(latency: LatencyOptions): FaultHandle {
    checkLatency(latency)
    const { delay, ...options } = latency
    return this.#added(this.#latencies, options, elapsedTime('delay', delay))
  }

  dropWatches(options: DropOptions = {}): FaultHandle {
    checkDrop(options)
    const { expired = false, ...match } = options
    this.#known.check(match)
    const dropped = [...this.#watches].filter((watch) => matches(match, watch.request))
    for (const watch of dropped) {
      this.#watches.delete(watch)
      watch.drop(expired ? newResourceExpired(expiredMessage) : undefined)
    }
    return { hits: dropped.length, remove() {} }
  }

  clear(): void {
    this.#failures.clear()
    this.#latencies.clear()
    for (const goOn of this.#waiting) goOn()
  }

  /** Nothing waits any more, and watches end. */
  close(): void {
    this.clear()
    this.dropWatches()
  }

  transport(next: Transport): Transport {
    return {
      ...passedOn(next),
      request: (request) => this.#answer(request, request.verb, () => next.request(request)),
      ...(next.changes !== undefined && {
        changes: (request: ApiRequest, onWarning?: (text: string) => void) =>
          this.#answer(request, 'changes', () => next.changes!(request, onWarning)),
      }),
      watch: (request, onWarning, onOpen) => {
        let watch: OpenWatch | undefined
        return observedEvents(
          () =>
            this.#answer(request, 'watch', async () => {
              const opened = new OpenWatch(matchedRequest(request, 'watch'), request.signal)
              watch = opened
              const { signal } = opened
              const events = next.watch({ ...request, verb: 'watch', signal }, onWarning, () => {
                this.#watches.add(opened)
                onOpen?.()
              })
              return opened.events(events)
            }),
          () => {
            if (watch === undefined) return
            this.#watches.delete(watch)
            watch.end()
          },
        )
      },
    }
  }

  #added<Effect>(faults: Set<Fault<Effect>>, options: FaultOptions, effect: Effect): FaultHandle {
    this.#known.check(options)
    const fault = new Fault(options, effect, (removed) => faults.delete(removed))
    faults.add(fault)
    return fault
  }

  async #answer<T>(request: ApiRequest, verb: RequestVerb, answer: () => Promise<T>): Promise<T> {
    if (this.#failures.size === 0 && this.#latencies.size === 0) return answer()
    const asked = matchedRequest(request, verb)
    const latencies = [...this.#latencies].filter((latency) => latency.strikes(asked))
    const failure = [...this.#failures].find((fault) => fault.strikes(asked))?.effect
    await this.#wait(
      latencies.reduce((sum, { effect }) => sum + effect, 0),
      request.signal,
    )
    if (failure === undefined) return answer()
    if (failure.afterwards === true && verb !== 'watch') await answer()
    throw typeof failure.error === 'function' ? checkError(failure.error(request)) : failure.error
  }

  #wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    if (ms === 0) return Promise.resolve()
    signal?.throwIfAborted()
    return new Promise((resolve, reject) => {
      let timer: ClockTimer | undefined
      const end = () => {
        timer?.cancel()
        this.#waiting.delete(goOn)
        signal?.removeEventListener('abort', abort)
      }
      const goOn = () => {
        end()
        resolve()
      }
      const abort = () => {
        end()
        reject(signal?.reason)
      }
      this.#waiting.add(goOn)
      signal?.addEventListener('abort', abort)
      timer = this.#clock.setTimer(goOn, ms)
    })
  }
}

function conflictOf(request: ApiRequest): Error {
  return newConflict(request, matchedRequest(request).name ?? '', optimisticLockMessage)
}

/** As of a watch cache that no longer reaches back. */
const expiredMessage = 'too old resource version'
