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

  /** Runs a task, unless all are to end already. What it throws ends the others, unless it was told to end. */
  run(task: () => Promise<void>): void {
    if (!this.signal.aborted) this.#tasks.push(this.#run(task))
  }

  async #run(task: () => Promise<void>): Promise<void> {
    try {
      await task()
    } catch (error) {
      if (!this.signal.aborted || !isAbort(error, this.signal)) this.fail(error)
    }
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

  /** To be called last. Throws the first failure, if there was one. */
  end(): void {
    this.#outer.removeEventListener('abort', this.#onAbort)
    if (this.#failure !== undefined) throw this.#failure.error
  }
}

/** Whether something ended in the middle because it was told to: with the reason, or with an AbortError as those of Node. */
function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError')
}
