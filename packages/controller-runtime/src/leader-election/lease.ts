import type { KubernetesObject } from '@k1s/apimachinery'
import type { Kind } from '@k1s/core'

export interface Lease extends KubernetesObject {
  spec?: {
    holderIdentity?: string
    leaseDurationSeconds?: number
    acquireTime?: string
    renewTime?: string
    leaseTransitions?: number
  }
}

export const Lease: Kind<Lease> = {
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

/**
 * The identity of a process that asks the holder for the Lease, who gives it up as soon as it can. `preferredHolder` of the
 * specification would say it too, but is dropped by API servers without the feature CoordinatedLeaderElection.
 */
const preferredHolder = 'k1s.dev/preferred-holder'

/** Who asks for a Lease, if anybody does. */
export function preferredHolderOf({ metadata }: Lease): string | undefined {
  return metadata.annotations?.[preferredHolder]
}

/** The Lease as it is when `identity` asks for it, or nobody. */
export function withPreferredHolder(lease: Lease, identity: string | undefined): Lease {
  const { [preferredHolder]: _, ...annotations } = lease.metadata.annotations ?? {}
  if (identity !== undefined) annotations[preferredHolder] = identity
  return { ...lease, metadata: { ...lease.metadata, annotations } }
}
