import { type Clock, formatMicroTime, isAlreadyExists, isConflict, isNotFound } from '@k1s/apimachinery'
import type { Client } from '@k1s/core'
import { inTime } from '../in-time.ts'
import type { Logger } from '../log/logger.ts'
import { type HeldLease, RenewedLease } from './held-lease.ts'
import { Lease, type LeaseTimes, preferredHolderOf, withPreferredHolder } from './lease.ts'
import { isOfThisProcess, newHolderIdentity, stateOfHolder } from './process-identity.ts'

export interface LeaseLockOptions extends LeaseTimes {
  readonly client: Client
  readonly clock: Clock
  readonly namespace: string
  readonly name: string
  /**
   * How long to wait for a holder that does not renew the Lease and is another living process of this machine, milliseconds:
   * something blocks its event loop, and its work may be going on. Default: as long as for any other holder.
   */
  readonly livingPatience?: number
  /** Asks whoever else holds it to give it up, and does not only wait until that has no need of it. */
  readonly asksHolder?: boolean
  /** Told of renewals that fail. */
  readonly log?: Logger
}

/**
 * A Lease that one process holds at a time, as in `k8s.io/client-go/tools/leaderelection`. In addition it knows more of holders
 * on this machine: the Lease of a process that has ended can be had at once, and a process that was stopped by a signal (SIGSTOP)
 * keeps its Lease, since its work goes on when it is continued.
 */
export class LeaseLock {
  readonly #options: LeaseLockOptions
  readonly #identity = newHolderIdentity()
  /** The last renewal that was seen, and when: a holder's clock is not compared with ours. */
  #seen: { renewal: string; at: number } | undefined

  #holder: string | undefined

  constructor(options: LeaseLockOptions) {
    this.#options = options
  }

  /** The identity of who else held it at the last try. */
  get holder(): string | undefined {
    return this.#holder
  }

  /**
   * Acquires the Lease, which is renewed from then on. Undefined if somebody else holds it. The signal ends it as long as nothing was
   * written; for an answer to that it waits as long as for one to a renewal.
   */
  async tryAcquire(signal?: AbortSignal): Promise<HeldLease | undefined> {
    const { clock, leaseDuration, renewDeadline } = this.#options
    const found = await this.#get(signal)
    const startedAt = clock.now()
    this.#holder = found && this.#holderOf(found)
    if (found !== undefined && this.#holder !== undefined) {
      if (this.#options.asksHolder === true) await this.#ask(found)
      return undefined
    }
    try {
      const transitions = found?.spec?.leaseTransitions
      const spec = {
        holderIdentity: this.#identity,
        leaseDurationSeconds: Math.ceil(leaseDuration / 1000),
        acquireTime: formatMicroTime(startedAt),
        renewTime: formatMicroTime(startedAt),
        leaseTransitions: transitions === undefined ? 0 : transitions + 1,
      }
      const acquired = await inTime(clock, renewDeadline, (late) =>
        this.#write(found && withPreferredHolder(found, undefined), spec, late),
      )
      return new RenewedLease(acquired, startedAt, {
        ...this.#options,
        read: (until) => this.#get(until),
        write: (lease, renewed, until) => this.#write(lease, renewed, until),
        remove: (lease, until) => this.#remove(lease, until),
      })
    } catch (error) {
      if (isConflict(error) || isAlreadyExists(error)) return undefined
      throw error
    }
  }

  async #get(signal?: AbortSignal): Promise<Lease | undefined> {
    try {
      const { client, namespace, name } = this.#options
      return await client.get<Lease>(Lease, { namespace, name }, signal && { signal })
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  /** Who else has it: the holder, or, when that has given it up, the one who asked for it and has a moment to take it. */
  #holderOf(lease: Lease): string | undefined {
    const { livingPatience = 0 } = this.#options
    const holder = lease.spec?.holderIdentity || undefined
    const identity = holder ?? preferredHolderOf(lease)
    // The answer to an earlier try may have been lost.
    if (identity === undefined || identity === this.#identity) return undefined
    const state = stateOfHolder(identity)
    if (state === 'dead') return undefined
    if (holder === undefined) return this.#isRecent(lease) ? identity : undefined
    // A process that is continued has the whole duration for its next renewal, from when it was last seen stopped.
    if (state === 'stopped') this.#seen = undefined
    const patience = state === 'alive' && !isOfThisProcess(identity) ? livingPatience : 0
    return this.#isRecent(lease, patience) ? identity : undefined
  }

  /** Whether the last renewal is not longer ago than the Lease says, or than `patience` milliseconds. */
  #isRecent({ metadata, spec }: Lease, patience = 0): boolean {
    const { clock, leaseDuration } = this.#options
    const { leaseDurationSeconds = leaseDuration / 1000 } = spec ?? {}
    const renewal = `${metadata.uid} ${metadata.resourceVersion}`
    if (this.#seen?.renewal !== renewal) this.#seen = { renewal, at: clock.now() }
    return clock.now() < this.#seen.at + Math.max(leaseDurationSeconds * 1000, patience)
  }

  /** Leaves it at that if somebody else has asked before, or changes the Lease meanwhile: there will be another try. */
  async #ask(lease: Lease): Promise<void> {
    const { clock, renewDeadline } = this.#options
    const preferred = preferredHolderOf(lease)
    if (preferred !== undefined && stateOfHolder(preferred) !== 'dead') return
    const asked = withPreferredHolder(lease, this.#identity)
    try {
      await inTime(clock, renewDeadline, (late) => this.#write(asked, {}, late))
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error
    }
  }

  #write(lease: Lease | undefined, spec: Lease['spec'], signal: AbortSignal): Promise<Lease> {
    const { client, namespace, name } = this.#options
    if (lease !== undefined) {
      return client.update<Lease>({ ...lease, spec: { ...lease.spec, ...spec } }, { signal })
    }
    const created: Lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { namespace, name },
      spec,
    }
    return client.create<Lease>(created, { signal })
  }

  #remove({ metadata: { uid, resourceVersion } }: Lease, signal: AbortSignal): Promise<unknown> {
    const { client, namespace, name } = this.#options
    const preconditions = { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) }
    return client.delete(Lease, { namespace, name }, { preconditions, signal })
  }
}
