import type { RootDatabase } from 'lmdb'

/** What lmdb tells of a transaction that its worker thread runs: that it goes on, or, when the thread is done, how it ended. */
type OnStatus = (status: number) => unknown

interface Internals {
  env: { startWriting(instructions: number, onStatus: OnStatus): void }
}

/** `progressStatus` of lmdb's `writer.cpp`: it is committed, or asks for what to write. */
const progress: readonly number[] = [1, 2]

/**
 * The threads that lmdb writes with. A transaction counts as committed before its thread has looked at the environment for the last
 * time, which must not be closed until then: the process would end with a segmentation fault.
 */
export class WriteWorkers {
  #running = 0
  #onEnd: (() => void) | undefined

  constructor(database: RootDatabase<Uint8Array, Uint8Array>) {
    const { env } = database as unknown as Internals
    const { startWriting } = env
    const value: typeof startWriting = (instructions, onStatus) => {
      this.#running++
      startWriting.call(env, instructions, (status) => {
        if (!progress.includes(status)) this.#ended()
        return onStatus(status)
      })
    }
    // lmdb's own cannot be assigned to.
    Object.defineProperty(env, 'startWriting', { value })
  }

  async whenEnded(): Promise<void> {
    if (this.#running === 0) return
    await new Promise<void>((resolve) => {
      this.#onEnd = resolve
    })
  }

  #ended(): void {
    this.#running--
    if (this.#running === 0) this.#onEnd?.()
  }
}
