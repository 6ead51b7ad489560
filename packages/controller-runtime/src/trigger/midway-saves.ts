import type { Clock, ClockTimer } from '@k1s/apimachinery'
import type { ControllerSession } from './controller-session.ts'

/** How long there has been nothing new, at least, when it is looked whether the controller rests, milliseconds. */
const restBeforeSaving = 100
/** With more requests than this left, saving costs more than doing the work again would. */
const maxSavedRequests = 2000

/**
 * Saves how far a controller is while its run goes on: when it has come to rest, since only the saved state tells others that
 * nothing is left here, and from time to time if it does not, so that less is done again after a crash.
 */
export class MidwaySaves {
  readonly #session: ControllerSession
  readonly #clock: Clock
  readonly #interval: number
  #savedAt: number
  #isSaving = false
  #hasEnded = false
  #timer: ClockTimer | undefined

  /** `interval` is how often it is saved how far a controller is that does not come to rest, milliseconds. */
  constructor(session: ControllerSession, clock: Clock, interval: number) {
    this.#session = session
    this.#clock = clock
    this.#interval = interval
    this.#savedAt = clock.now()
  }

  /** To be called when there is something new to save. */
  soon(delay = restBeforeSaving): void {
    if (this.#hasEnded) return
    this.#timer ??= this.#clock.setTimer(() => {
      this.#timer = undefined
      if (this.#isTime()) void this.#save()
      else this.soon()
    }, delay)
  }

  /** Begins no more saves. `end` of the session waits for one that is under way. */
  end(): void {
    this.#hasEnded = true
    this.#timer?.cancel()
  }

  #isTime(): boolean {
    if (this.#isSaving) return false
    const { active, queue } = this.#session.controller
    const rests = active.size === 0 && queue.length === 0
    return rests || this.#clock.now() >= this.#savedAt + this.#interval
  }

  async #save(): Promise<void> {
    const { queue, log } = this.#session.controller
    this.#isSaving = true
    try {
      if (queue.length <= maxSavedRequests) await this.#session.save()
    } catch (error) {
      log.error(error, 'The state of the controller could not be saved')
      this.soon(this.#interval)
    }
    this.#isSaving = false
    this.#savedAt = this.#clock.now()
  }
}
