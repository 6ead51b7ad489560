import type { Clock } from '@k1s/apimachinery'
import { abortPatience } from '../controller/abort-patience.ts'
import { milliseconds } from '../duration.ts'
import type { RunOptions } from '../manager/manager.ts'

/**
 * How a triggered run stops, at its deadline or because its signal or `hurry` aborts. First it takes in nothing new, then the
 * signals of its reconciles abort: after the grace period if it was its signal, and at once otherwise. Reconciles that still go
 * on a moment later are given up.
 */
export class RunStop {
  readonly #intake = new AbortController()
  readonly #reconciles = new AbortController()
  readonly #disposers: (() => void)[] = []
  /** Resolves when reconciles that have not ended by then are no longer waited for. */
  readonly givenUp: Promise<void>
  #giveUp: () => void = () => undefined

  constructor(
    clock: Clock,
    gracePeriod: number,
    { deadline, signal }: RunOptions,
    hurry: AbortSignal | undefined,
  ) {
    this.givenUp = new Promise((resolve) => {
      this.#giveUp = resolve
    })
    if (deadline !== undefined) {
      const timer = clock.setTimer(
        () => this.#end(clock, 'the deadline of the run is over'),
        milliseconds(deadline),
      )
      this.#disposers.push(() => timer.cancel())
    }
    const onAbort = () => {
      this.#intake.abort(signal?.reason)
      const timer = clock.setTimer(() => this.#end(clock, 'the run was told to stop'), gracePeriod)
      this.#disposers.push(() => timer.cancel())
    }
    if (signal?.aborted) onAbort()
    signal?.addEventListener('abort', onAbort, { once: true })
    this.#disposers.push(() => signal?.removeEventListener('abort', onAbort))
    const onHurry = () => this.#end(clock, 'the runtime is shutting down')
    if (hurry?.aborted) onHurry()
    hurry?.addEventListener('abort', onHurry, { once: true })
    this.#disposers.push(() => hurry?.removeEventListener('abort', onHurry))
  }

  /** Aborts when nothing new is to be reconciled. */
  get intake(): AbortSignal {
    return this.#intake.signal
  }

  /** The signal of reconciles: that they are to end, or that their Lease is lost. */
  reconciles(lost: AbortSignal): AbortSignal {
    return AbortSignal.any([this.#reconciles.signal, lost])
  }

  dispose(): void {
    for (const dispose of this.#disposers) dispose()
  }

  #end(clock: Clock, reason: string): void {
    this.#intake.abort(new Error(reason))
    this.#reconciles.abort(new Error(reason))
    const timer = clock.setTimer(this.#giveUp, abortPatience)
    this.#disposers.push(() => timer.cancel())
  }
}
