import { type Clock, type ClockTimer, formatMicroTime, isConflict, isNotFound } from '@k1s/apimachinery'
import { inTime } from '../in-time.ts'
import type { Logger } from '../log/logger.ts'
import { messageOf } from '../printable-error.ts'
import { type Lease, type LeaseTimes, preferredHolderOf } from './lease.ts'

/** A Lease that this process holds, and renews. */
export interface HeldLease {
  /** Aborts when the Lease could not be renewed in time: somebody else may reconcile from then on. */
  readonly signal: AbortSignal
  /** Aborts when another process asks for it, which is seen at the next renewal. It has it once this one has given it back. */
  readonly wanted: AbortSignal
  /** Whether it is held now. To be asked before each reconcile: a process that was asleep has missed its timers. */
  isHeld(): boolean
  /** Gives it back, so that whoever waits for it can have it at once. Throws what the API throws. */
  release(): Promise<void>
  /** Gives it back as if nobody had ever held it. Throws what the API throws. */
  remove(): Promise<void>
  /** Stops renewing it, so that others can have it when it has run out. */
  keep(): void
}

export interface RenewedLeaseOptions extends LeaseTimes {
  readonly clock: Clock
  readonly read: (signal: AbortSignal) => Promise<Lease | undefined>
  /** Told of renewals that fail, as `LeaderElector.renew` does. */
  readonly log?: Logger | undefined
  readonly write: (lease: Lease, spec: Lease['spec'], signal: AbortSignal) => Promise<Lease>
  /** Deletes it, if it is as it was read. */
  readonly remove: (lease: Lease, signal: AbortSignal) => Promise<unknown>
}

/** Renews a Lease from when it was acquired. */
export class RenewedLease implements HeldLease {
  readonly #options: RenewedLeaseOptions
  readonly #lost = new AbortController()
  readonly #wanted = new AbortController()
  #lease: Lease
  /** When the last renewal was asked for, not answered: others count from when they see it, which may be before the answer. */
  #renewedAt: number
  #timer: ClockTimer
  #deadline: ClockTimer
  #renewing: Promise<void> = Promise.resolve()
  #isReleased = false
  /** Why it could not be renewed the last time. */
  #failure: unknown

  constructor(lease: Lease, renewedAt: number, options: RenewedLeaseOptions) {
    this.#options = options
    this.#lease = lease
    this.#renewedAt = renewedAt
    this.#timer = this.#renewLater()
    this.#deadline = this.#giveUpLater()
  }

  get signal(): AbortSignal {
    return this.#lost.signal
  }

  get wanted(): AbortSignal {
    return this.#wanted.signal
  }

  isHeld(): boolean {
    return (
      !this.#lost.signal.aborted && this.#options.clock.now() < this.#renewedAt + this.#options.leaseDuration
    )
  }

  async release(): Promise<void> {
    await this.#stopRenewing()
    const givingBack = this.#giveBack((signal) => this.#writeFreed(signal))
    if (!this.#lost.signal.aborted) return givingBack
    // Nobody may have taken it yet, and others would wait for this process as long as it lives. They do if this fails: a server that
    // could not be asked to renew it may not answer this either, and is not waited for.
    givingBack.catch(() => undefined)
  }

  async remove(): Promise<void> {
    await this.#stopRenewing()
    await this.#giveBack((signal) => this.#options.remove(this.#lease, signal))
  }

  async #stopRenewing(): Promise<void> {
    this.#isReleased = true
    this.#timer.cancel()
    await this.#renewing
    this.#deadline.cancel()
  }

  /** Leaves it alone if somebody else has changed or deleted it: what is left of it runs out by itself. */
  async #giveBack(write: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const { clock, renewDeadline } = this.#options
    try {
      await inTime(clock, renewDeadline, async (signal) => {
        await write(signal).catch(async () => {
          if (await this.#isStillOurs(signal)) await write(signal)
        })
      })
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error
    }
  }

  #writeFreed(signal: AbortSignal): Promise<Lease> {
    const { clock, write } = this.#options
    const { holderIdentity: _, ...spec } = this.#lease.spec ?? {}
    const freed = { leaseDurationSeconds: 1, renewTime: formatMicroTime(clock.now()) }
    return write({ ...this.#lease, spec }, freed, signal)
  }

  keep(): void {
    this.#isReleased = true
    this.#timer.cancel()
    this.#deadline.cancel()
  }

  /** It does not keep the process alive: what the Lease is held for does. */
  #renewLater(): ClockTimer {
    const renew = () => {
      this.#renewing = this.#renew()
    }
    return this.#options.clock.setTimer(renew, this.#options.retryPeriod).unref()
  }

  /** The deadline counts from the first try to renew, as in client-go, and is never later than others may take the Lease. */
  #giveUpLater(): ClockTimer {
    const { clock, retryPeriod, renewDeadline, leaseDuration } = this.#options
    const deadline = this.#renewedAt + Math.min(retryPeriod + renewDeadline, leaseDuration)
    return clock.setTimer(() => this.#lose(), deadline - clock.now()).unref()
  }

  async #renew(): Promise<void> {
    const { signal } = this.#lost
    const startedAt = this.#options.clock.now()
    try {
      this.#lease = await this.#options.write(
        this.#lease,
        { renewTime: formatMicroTime(this.#options.clock.now()) },
        signal,
      )
      if (signal.aborted) return
      this.#renewedAt = startedAt
      this.#failure = undefined
      this.#deadline.cancel()
      if (!this.#isReleased) this.#deadline = this.#giveUpLater()
    } catch (error) {
      // If somebody else has the Lease, or it is gone, it is lost. All other failures are tried again until the deadline.
      this.#failure = error
      const isOurs = await this.#isStillOurs(signal)
      if (isOurs && !signal.aborted) this.#logRetry(error)
      else this.#lose()
    }
    if (!this.#isReleased && !signal.aborted) this.#timer = this.#renewLater()
  }

  #logRetry(error: unknown): void {
    const { log } = this.#options
    // Somebody gave it a label: the next renewal is of what there is now.
    if (isConflict(error)) {
      const message = 'Failed to update lease optimistically, falling back to slow path'
      log?.debug(message, { err: messageOf(error) })
    } else log?.error(error, 'Failed to update lease')
  }

  /** Whether this process is still the holder, so that only something else was changed, such as a label. True if nobody can tell. */
  async #isStillOurs(signal: AbortSignal): Promise<boolean> {
    try {
      const lease = await this.#options.read(signal)
      if (lease?.spec?.holderIdentity !== this.#lease.spec?.holderIdentity) return false
      if (lease === undefined) return false
      this.#lease = lease
      if (preferredHolderOf(lease) !== undefined) this.#wanted.abort()
      return true
    } catch {
      // The deadline is for that.
      return true
    }
  }

  #lose(): void {
    if (this.#lost.signal.aborted) return
    this.#deadline.cancel()
    this.#timer.cancel()
    // A renewal that nobody has answered yet has not failed.
    const err = this.#failure === undefined ? 'context deadline exceeded' : messageOf(this.#failure)
    this.#options.log?.info('Failed to renew lease', { err })
    this.#lost.abort(new Error(`the Lease ${this.#lease.metadata.name} was lost`, { cause: this.#failure }))
  }
}
