import { setImmediate as nextTurn } from 'node:timers/promises'
import { systemClock } from '@k1s/apimachinery'

/** How often whatever is under way in this process gets a turn. A commit to memory takes one or two. */
const turns = 10

/** How long reading is waited for, milliseconds: what is read may be a pipe, which has no end. */
const longestRead = 1000

/** What Node calls the reading of a file that a promise is for. It is how modules are loaded. */
const readings = new Set(['FSReqPromise', 'CloseReq'])

/** Waits, in time of the machine, until what is under way in this process has come to rest. */
export class Settling {
  #readingSince: number | undefined

  async rest(): Promise<void> {
    for (let turn = 0; turn < turns; turn++) {
      await nextTurn()
      if (this.#waitsForFile()) turn = 0
    }
  }

  #waitsForFile(): boolean {
    if (!process.getActiveResourcesInfo().some((resource) => readings.has(resource))) {
      this.#readingSince = undefined
      return false
    }
    this.#readingSince ??= systemClock.now()
    return systemClock.now() - this.#readingSince < longestRead
  }
}
