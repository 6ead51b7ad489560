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

const Lease = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
}

/** Seconds after which a holder of whom nobody knows anything else counts as gone. */
const leaseDurationSeconds = 15

interface LeaseObject extends KubernetesObject {
  spec?: {
    holderIdentity?: string
    leaseDurationSeconds?: number
    acquireTime?: string
    renewTime?: string
    leaseTransitions?: number
  }
}

/** Held for as long as a controller reconciles in this process. */
export interface HeldLease {
  /** Aborts when the Lease could not be renewed in time: somebody else may reconcile from then on. */
  readonly signal: AbortSignal
  /** Whether it is held at this instant; asked before each reconcile, since a process can sleep through its timers. */
  isHeld(): boolean
  /** Gives it back. Whoever waits for it can have it at once. */
  release(): Promise<void>
}

/**
 * The Lease `k1s-controller-NAME`: who holds it is the only one to reconcile for that controller, in a triggered run or a
 * running manager. A holder that ended without giving it back is noticed at once if it was on this machine, else when its
 * time is over. One that is stopped by a signal keeps it, since its reconciles go on when it does.
 */
export class ControllerLease {
  readonly #client: Client
  readonly #clock: Clock
  readonly #key: { namespace: string; name: string }
  readonly #identity = newHolderIdentity()
  /** The last renewal that was seen, and when: a holder's clock is not compared with ours. */
  #seen: { renewal: string; at: number } | undefined

  constructor({
    client,
    clock,
    namespace,
    controller,
  }: { client: Client; clock: Clock; namespace: string; controller: string }) {
    this.#client = client
    this.#clock = clock
    this.#key = { namespace, name: `k1s-controller-${controller}` }
  }

  /** Undefined if somebody else holds it. */
  async tryAcquire(): Promise<HeldLease | undefined> {
    const found = await this.#get()
    if (found !== undefined && this.#isHeld(found)) return undefined
    try {
      const transitions = found?.spec?.leaseTransitions
      const acquired = await this.#write(found, {
        holderIdentity: this.#identity,
        leaseDurationSeconds,
        acquireTime: this.#now(),
        renewTime: this.#now(),
        leaseTransitions: transitions === undefined ? 0 : transitions + 1,
      })
      return new Holding(this.#clock, acquired, (lease, spec) => this.#write(lease, spec))
    } catch (error) {
      if (isConflict(error) || isAlreadyExists(error)) return undefined
      throw error
    }
  }

  async #get(): Promise<LeaseObject | undefined> {
    try {
      return await this.#client.get<LeaseObject>(Lease, this.#key)
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  #isHeld({ metadata, spec = {} }: LeaseObject): boolean {
    const { holderIdentity = '', leaseDurationSeconds: duration = leaseDurationSeconds } = spec
    if (holderIdentity === '') return false
    const renewal = `${metadata.uid} ${metadata.resourceVersion}`
    if (this.#seen?.renewal !== renewal) this.#seen = { renewal, at: this.#clock.now() }
    const state = stateOfHolder(holderIdentity)
    if (state === 'dead') return false
    return state === 'stopped' || this.#clock.now() < this.#seen.at + duration * 1000
  }

  #write(lease: LeaseObject | undefined, spec: LeaseObject['spec']): Promise<LeaseObject> {
    if (lease !== undefined)
      return this.#client.update<LeaseObject>({ ...lease, spec: { ...lease.spec, ...spec } })
    return this.#client.create<LeaseObject>({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: this.#key,
      spec,
    })
  }

  #now(): string {
    return microTime(this.#clock)
  }
}

/** `metav1.MicroTime`. */
function microTime(clock: Clock): string {
  return `${new Date(clock.now()).toISOString().slice(0, -1)}000Z`
}

type Write = (lease: LeaseObject, spec: LeaseObject['spec']) => Promise<LeaseObject>

class Holding implements HeldLease {
  readonly #clock: Clock
  readonly #write: Write
  #lease: LeaseObject
  #renewedAt: number
  readonly #lost = new AbortController()
  #timer: ClockTimer
  #renewing: Promise<void> = Promise.resolve()
  #isReleased = false

  constructor(clock: Clock, lease: LeaseObject, write: Write) {
    this.#clock = clock
    this.#write = write
    this.#lease = lease
    this.#renewedAt = clock.now()
    this.#timer = this.#renewLater()
  }

  get signal(): AbortSignal {
    return this.#lost.signal
  }

  isHeld(): boolean {
    return !this.#lost.signal.aborted && this.#clock.now() < this.#renewedAt + leaseDurationSeconds * 1000
  }

  async release(): Promise<void> {
    this.#isReleased = true
    this.#timer.cancel()
    await this.#renewing
    if (this.#lost.signal.aborted) return
    try {
      const { holderIdentity: _, ...spec } = this.#lease.spec ?? {}
      await this.#write({ ...this.#lease, spec }, { renewTime: microTime(this.#clock) })
    } catch (error) {
      // Somebody has taken it, or taken it away: then there is nothing to give back.
      if (!isConflict(error) && !isNotFound(error)) throw error
    }
  }

  /** It does not keep the process alive: what it is held for does. */
  #renewLater(): ClockTimer {
    return this.#clock
      .setTimer(
        () => {
          this.#renewing = this.#renew()
        },
        (leaseDurationSeconds * 1000) / 5,
      )
      .unref()
  }

  async #renew(): Promise<void> {
    try {
      this.#lease = await this.#write(this.#lease, { renewTime: microTime(this.#clock) })
      this.#renewedAt = this.#clock.now()
    } catch (error) {
      const isTaken = isConflict(error) || isNotFound(error)
      // Two thirds of the time are tried for a renewal, as `leaderelection` does with its RenewDeadline.
      if (isTaken || this.#clock.now() >= this.#renewedAt + (leaseDurationSeconds * 1000 * 2) / 3) {
        this.#lost.abort(new Error(`the Lease ${this.#lease.metadata.name} was lost`, { cause: error }))
        return
      }
    }
    if (!this.#isReleased) this.#timer = this.#renewLater()
  }
}
