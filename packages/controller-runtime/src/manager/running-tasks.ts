import { setMaxListeners } from 'node:events'
import { type Clock, sleep } from '@k1s/apimachinery'
import { untilAborted } from '../until-aborted.ts'

/** Tasks that run side by side until a signal aborts or one of them fails, which ends the others. */
export class RunningTasks {
  readonly #stop = new AbortController()
  readonly #tasks: Promise<void>[] = []
  readonly #onAbort = () => this.#stop.abort(this.#outer.reason)
  readonly #outer: AbortSignal
  #failure: { error: unknown } | undefined

  constructor(signal: AbortSignal) {
    this.#outer = signal
    // Each controller listens to it; Node takes more than ten listeners for a leak.
    setMaxListeners(0, this.#stop.signal)
    if (signal.aborted) this.#onAbort()
    else signal.addEventListener('abort', this.#onAbort)
  }

  /** Aborts when the tasks are to end. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  run(task: () => Promise<void>): void {
    if (this.signal.aborted) return
    const ended = (error: unknown) => {
      if (!this.signal.aborted || !isAbort(error, this.signal)) this.fail(error)
    }
    this.#tasks.push(task().catch(ended))
  }

  /** Ends all tasks. The first failure is the one that counts. */
  fail(error: unknown): void {
    this.#failure ??= { error }
    this.#stop.abort()
  }

  /** Resolves when the tasks are to end. */
  stopped(): Promise<void> {
    return untilAborted(this.signal)
  }

  /** Resolves when all have ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#tasks)
  }

  /** Waits until all have ended, or for `patience` milliseconds: then false. */
  async settle(clock: Clock, patience: number): Promise<boolean> {
    const settled = new AbortController()
    const all = this.ended().then(() => settled.abort())
    await Promise.race([all, sleep(clock, patience, settled.signal)])
    return settled.signal.aborted
  }

  /** Throws the first failure. */
  end(): void {
    this.#outer.removeEventListener('abort', this.#onAbort)
    if (this.#failure !== undefined) throw this.#failure.error
  }
}

/** Whether something ended in the middle because it was told to: with the reason, or with an AbortError as those of Node. */
function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError')
}
