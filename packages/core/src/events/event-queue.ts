/**
 * Events that wait at most: more are dropped. client-go has room for 1,000, from which another thread takes them while a
 * loop records; here they wait for the loop.
 */
export const maxQueuedEvents = 10_000

/** Events that are written at the same time, each about another object: a store on disk commits them together. */
const maxConcurrent = 32

/** Does what is asked in the order in which it was asked for, as far as keys are the same, and some keys at a time. */
export class EventQueue {
  /** What waits, by key. A key that is here is in #ready or being worked on. */
  readonly #lanes = new Map<string, (() => Promise<void>)[]>()
  /** Keys of which something can be done, the one that waits longest first. */
  readonly #ready: string[] = []
  #workers = 0

  /** How many wait. */
  size = 0

  /** Resolves when it is done. `task` handles its errors. */
  add(key: string, task: () => Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      this.size++
      const lane = this.#lanes.get(key)
      const work = () => task().finally(resolve)
      if (lane === undefined) {
        this.#lanes.set(key, [work])
        this.#ready.push(key)
      } else {
        lane.push(work)
      }
      if (this.#workers < maxConcurrent) void this.#work()
    })
  }

  async #work(): Promise<void> {
    this.#workers++
    for (let key = this.#ready.shift(); key !== undefined; key = this.#ready.shift()) {
      const lane = this.#lanes.get(key) ?? []
      const task = lane.shift()
      this.size--
      await task?.()
      if (lane.length > 0) this.#ready.push(key)
      else this.#lanes.delete(key)
    }
    this.#workers--
  }
}
