import {
  type Clock,
  type ClockTimer,
  isAlreadyExists,
  isConflict,
  isNotFound,
  type KubernetesObject,
} from '@k1s/apimachinery'
import type { Client } from '@k1s/core'
import { newHolderIdentity, stateOfHolder } from './process-identity.ts'

export const Lease = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
}

/** Times of a Lease, in milliseconds: `leaderelection.LeaderElectionConfig`. */
export interface LeaseTimes {
  /** How long others wait after the last renewal that they saw. */
  readonly leaseDuration: number
  /** How long the holder tries to renew it before it gives up. */
  readonly renewDeadline: number
  /** Between two renewals. */
  readonly retryPeriod: number
}

export const defaultLeaseTimes: LeaseTimes = {
  leaseDuration: 15_000,
  renewDeadline: 10_000,
  retryPeriod: 2000,
}

interface LeaseObject extends KubernetesObject {
  spec?: {
    holderIdentity?: string
    leaseDurationSeconds?: number
    acquireTime?: string
    renewTime?: string
    leaseTransitions?: number
  }
}

/** A Lease that this process holds, and renews. */
export interface HeldLease {
  /** Aborts when the Lease could not be renewed in time: somebody else may reconcile from then on. */
  readonly signal: AbortSignal
  /** Whether it is held at this instant; asked before each reconcile, since a process can sleep through its timers. */
  isHeld(): boolean
  /** Gives it back. Whoever waits for it can have it at once. */
  release(): Promise<void>
  /** Stops renewing it, and leaves it to run out. */
  keep(): void
}

export interface LeaseLockOptions extends LeaseTimes {
  readonly client: Client
  readonly clock: Clock
  readonly namespace: string
  readonly name: string
}

/**
 * A Lease that one process holds at a time, as in `k8s.io/client-go/tools/leaderelection`. Beyond that, a holder that ended
 * without giving it back is noticed at once if it was on this machine, and one that is stopped by a signal keeps it, since what it
 * does goes on when it does.
 */
export class LeaseLock {
  readonly #options: LeaseLockOptions
  readonly #identity = newHolderIdentity()
  /** The last renewal that was seen, and when: a holder's clock is not compared with ours. */
  #seen: { renewal: string; at: number } | undefined

  constructor(options: LeaseLockOptions) {
    this.#options = options
  }

  /** Undefined if somebody else holds it. */
  async tryAcquire(): Promise<HeldLease | undefined> {
    const found = await this.#get()
    const startedAt = this.#options.clock.now()
    if (found !== undefined && this.#isHeld(found)) return undefined
    try {
      const transitions = found?.spec?.leaseTransitions
      const acquired = await this.#write(found, {
        holderIdentity: this.#identity,
        leaseDurationSeconds: Math.ceil(this.#options.leaseDuration / 1000),
        acquireTime: microTime(this.#options.clock),
        renewTime: microTime(this.#options.clock),
        leaseTransitions: transitions === undefined ? 0 : transitions + 1,
      })
      return new Holding(this.#options, acquired, startedAt, {
        read: (signal) => this.#get(signal),
        write: (lease, spec, signal) => this.#write(lease, spec, signal),
      })
    } catch (error) {
      if (isConflict(error) || isAlreadyExists(error)) return undefined
      throw error
    }
  }

  async #get(signal?: AbortSignal): Promise<LeaseObject | undefined> {
    try {
      const { client, namespace, name } = this.#options
      return await client.get<LeaseObject>(Lease, { namespace, name }, signal && { signal })
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  #isHeld({ metadata, spec = {} }: LeaseObject): boolean {
    const { clock, leaseDuration } = this.#options
    const { holderIdentity = '', leaseDurationSeconds = leaseDuration / 1000 } = spec
    if (holderIdentity === '') return false
    const renewal = `${metadata.uid} ${metadata.resourceVersion}`
    const state = stateOfHolder(holderIdentity)
    if (state === 'dead') return false
    // One that was stopped has the whole time for its next renewal, from when it was last seen so.
    if (state === 'stopped' || this.#seen?.renewal !== renewal) this.#seen = { renewal, at: clock.now() }
    return clock.now() < this.#seen.at + leaseDurationSeconds * 1000
  }

  #write(
    lease: LeaseObject | undefined,
    spec: LeaseObject['spec'],
    signal?: AbortSignal,
  ): Promise<LeaseObject> {
    const { client, namespace, name } = this.#options
    if (lease !== undefined) {
      return client.update<LeaseObject>({ ...lease, spec: { ...lease.spec, ...spec } }, signal && { signal })
    }
    return client.create<LeaseObject>({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { namespace, name },
      spec,
    })
  }
}

/** `metav1.MicroTime`. */
function microTime(clock: Clock): string {
  return `${new Date(clock.now()).toISOString().slice(0, -1)}000Z`
}

interface HoldingParts {
  readonly read: (signal: AbortSignal) => Promise<LeaseObject | undefined>
  readonly write: (lease: LeaseObject, spec: LeaseObject['spec'], signal: AbortSignal) => Promise<LeaseObject>
}

class Holding implements HeldLease {
  readonly #clock: Clock
  readonly #times: LeaseTimes
  readonly #parts: HoldingParts
  readonly #lost = new AbortController()
  #lease: LeaseObject
  /** Before the request: others count from when they see its effect, which may be before its answer. */
  #renewedAt: number
  #timer: ClockTimer
  #deadline: ClockTimer
  #renewing: Promise<void> = Promise.resolve()
  #isReleased = false

  constructor(options: LeaseLockOptions, lease: LeaseObject, renewedAt: number, parts: HoldingParts) {
    this.#clock = options.clock
    this.#times = options
    this.#parts = parts
    this.#lease = lease
    this.#renewedAt = renewedAt
    this.#timer = this.#renewLater()
    this.#deadline = this.#giveUpLater()
  }

  get signal(): AbortSignal {
    return this.#lost.signal
  }

  isHeld(): boolean {
    return !this.#lost.signal.aborted && this.#clock.now() < this.#renewedAt + this.#times.leaseDuration
  }

  async release(): Promise<void> {
    this.#isReleased = true
    this.#timer.cancel()
    await this.#renewing
    this.#deadline.cancel()
    if (this.#lost.signal.aborted) return
    const late = new AbortController()
    const timer = this.#clock.setTimer(() => late.abort(), this.#times.renewDeadline).unref()
    try {
      await this.#giveBack(late.signal)
    } catch (error) {
      // Somebody changes it all the time: others wait until it has run out.
      if (!isConflict(error) && !isNotFound(error)) throw error
    } finally {
      timer.cancel()
    }
  }

  async #giveBack(signal: AbortSignal): Promise<void> {
    const giveBack = () => {
      const { holderIdentity: _, ...spec } = this.#lease.spec ?? {}
      const released = { leaseDurationSeconds: 1, renewTime: microTime(this.#clock) }
      return this.#parts.write({ ...this.#lease, spec }, released, signal)
    }
    try {
      await giveBack()
    } catch {
      if (await this.#isStillOurs(signal)) await giveBack()
    }
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
    return this.#clock.setTimer(renew, this.#times.retryPeriod).unref()
  }

  /** The deadline begins with the first try, as in client-go; by the time that others may take the Lease it is over. */
  #giveUpLater(): ClockTimer {
    const { retryPeriod, renewDeadline, leaseDuration } = this.#times
    const delay = Math.min(retryPeriod + renewDeadline, leaseDuration)
    return this.#clock.setTimer(() => this.#lose(), delay).unref()
  }

  async #renew(): Promise<void> {
    const { signal } = this.#lost
    const startedAt = this.#clock.now()
    try {
      this.#lease = await this.#parts.write(this.#lease, { renewTime: microTime(this.#clock) }, signal)
      if (signal.aborted) return
      this.#renewedAt = startedAt
      this.#deadline.cancel()
      if (!this.#isReleased) this.#deadline = this.#giveUpLater()
    } catch (error) {
      // A conflict, or whatever a server says of a Lease that is gone. The rest is tried again until the deadline.
      if (!(await this.#isStillOurs(signal))) this.#lose(error)
    }
    if (!this.#isReleased && !signal.aborted) this.#timer = this.#renewLater()
  }

  /** Whether only something else about the Lease was changed, as a label. */
  async #isStillOurs(signal: AbortSignal): Promise<boolean> {
    try {
      const lease = await this.#parts.read(signal)
      if (lease?.spec?.holderIdentity !== this.#lease.spec?.holderIdentity) return false
      if (lease !== undefined) this.#lease = lease
      return lease !== undefined
    } catch {
      // Nobody knows: that is what the deadline is for.
      return true
    }
  }

  #lose(cause?: unknown): void {
    this.#deadline.cancel()
    this.#timer.cancel()
    this.#lost.abort(new Error(`the Lease ${this.#lease.metadata.name} was lost`, { cause }))
  }
}
