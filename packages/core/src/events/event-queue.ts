/**
 * How many Events may wait; more are dropped. client-go has room for 1,000, which another goroutine takes out while a loop records.
 * Here nothing is taken out before the loop has ended.
 */
export const maxQueuedEvents = 10_000

/** How many tasks run at the same time, each of another key. A store on disk commits their writes together. */
const maxConcurrent = 32

/** Runs the tasks of each key one after the other, in the order in which they were added, and those of several keys at a time. */
export class EventQueue {
  /** The tasks that wait, by key. Each key that is here is in `#ready`, or one of its tasks is running. */
  readonly #lanes = new Map<string, (() => Promise<void>)[]>()
  /** Keys with tasks and none that is running, the one that waits longest first. */
  readonly #ready: string[] = []
  #workers = 0

  /** How many tasks wait. */
  size = 0

  /** Resolves when the task has run, which must not reject. */
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
