import { closeSync, constants, type FSWatcher, openSync, statSync, watch, writeSync } from 'node:fs'

/** How often the signal file is looked at where it cannot be watched, in milliseconds. */
const pollInterval = 50

/** Tells the processes that share a directory that something was committed: a small file that they watch. */
export class ChangeSignal {
  readonly #file: string
  readonly #listeners = new Set<() => void>()
  #descriptor: number | undefined
  #watcher: FSWatcher | undefined
  #poll: NodeJS.Timeout | undefined
  #count = 0

  constructor(directory: string) {
    this.#file = `${directory}/signal`
  }

  /** To be called after each commit of this process. */
  send(): void {
    this.#notify()
    try {
      this.#descriptor ??= openSync(this.#file, constants.O_WRONLY | constants.O_CREAT, 0o600)
      writeSync(this.#descriptor, `${process.pid} ${++this.#count}\n`.padEnd(32), 0, 'latin1')
    } catch {
      // The commit is done and durable: watchers of other processes look by themselves within a second.
    }
  }

  listen(listener: () => void): () => void {
    const own = () => listener()
    this.#listeners.add(own)
    if (this.#listeners.size === 1) this.#start()
    return () => {
      this.#listeners.delete(own)
      if (this.#listeners.size === 0) this.#stop()
    }
  }

  close(): void {
    this.#listeners.clear()
    this.#stop()
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener()
  }

  #start(): void {
    try {
      this.#watcher = watch(this.#file, { persistent: false }, (event) => {
        // Somebody moved the file away, and with it what is watched.
        if (event === 'rename') this.#startPolling()
        this.#notify()
      })
      this.#watcher.on('error', () => this.#startPolling())
    } catch {
      this.#startPolling()
    }
  }

  #startPolling(): void {
    this.#stop()
    let seen = this.#modified()
    this.#poll = setInterval(() => {
      const modified = this.#modified()
      if (modified !== seen) this.#notify()
      seen = modified
    }, pollInterval).unref()
  }

  #stop(): void {
    this.#watcher?.close()
    this.#watcher = undefined
    clearInterval(this.#poll)
    this.#poll = undefined
  }

  #modified(): bigint | undefined {
    return statSync(this.#file, { bigint: true, throwIfNoEntry: false })?.mtimeNs
  }
}
