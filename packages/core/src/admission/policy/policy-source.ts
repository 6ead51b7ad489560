import type { Unstructured } from '@k1s/apimachinery'
import { type StorageInterface, type StoragePrefix, storagePrefix } from '@k1s/storage'
import type { Policy, PolicyBinding } from './policy-types.ts'

/** A policy with the bindings that put it into force, and what was compiled of it. */
export interface PolicyHook<P extends Policy, E> {
  readonly policy: P
  readonly bindings: readonly PolicyBinding[]
  readonly evaluator: E
}

interface KnownPolicies<P extends Policy, E> {
  readonly policiesRevision: number
  readonly bindingsRevision: number
  readonly hooks: Promise<readonly PolicyHook<P, E>[]>
}

/**
 * The policies of a tenant that are in force, by name, read again when one of them or a binding was written:
 * `policySource` of `k8s.io/apiserver/pkg/admission/plugin/policy/generic`.
 */
export class PolicySource<P extends Policy, E> {
  readonly #storage: StorageInterface
  readonly #policies: string
  readonly #bindings: string
  readonly #compile: (policy: P) => E
  readonly #known = new Map<string, KnownPolicies<P, E>>()

  /** `policies` and `bindings` name the resources in storage keys. */
  constructor(
    storage: StorageInterface,
    { policies, bindings, compile }: { policies: string; bindings: string; compile: (policy: P) => E },
  ) {
    this.#storage = storage
    this.#policies = policies
    this.#bindings = bindings
    this.#compile = compile
  }

  /** `bindingsRevision` is that of the last write of a binding. */
  async hooks(tenant: string, bindingsRevision: number): Promise<readonly PolicyHook<P, E>[]> {
    const policies = storagePrefix({ tenant, resource: this.#policies })
    const bindings = storagePrefix({ tenant, resource: this.#bindings })
    const { lastRevision: policiesRevision } = await this.#storage.stats(policies)
    const known = this.#known.get(tenant)
    if (known?.policiesRevision === policiesRevision && known.bindingsRevision === bindingsRevision) {
      return known.hooks
    }
    // Requests that come meanwhile wait for the same reading.
    const hooks = this.#read(policies, bindings, known?.hooks)
    const reading = { policiesRevision, bindingsRevision, hooks }
    this.#known.set(tenant, reading)
    try {
      return await hooks
    } catch (error) {
      if (this.#known.get(tenant) === reading) this.#known.delete(tenant)
      throw error
    }
  }

  async #read(
    policies: StoragePrefix,
    bindings: StoragePrefix,
    knownHooks: Promise<readonly PolicyHook<P, E>[]> | undefined,
  ): Promise<readonly PolicyHook<P, E>[]> {
    const known = (await knownHooks) ?? []
    const { items: allBindings } = await this.#storage.getList<Unstructured>(bindings)
    const { items: allPolicies } = await this.#storage.getList<Unstructured>(policies)
    return allPolicies.flatMap((object) => {
      const policy = object as P
      const { name, uid, resourceVersion } = policy.metadata
      const bound = allBindings.filter(({ spec }) => (spec as PolicyBinding['spec'])?.policyName === name)
      if (bound.length === 0) return []
      const same = known.find(
        ({ policy: { metadata } }) => metadata.uid === uid && metadata.resourceVersion === resourceVersion,
      )
      return [{ policy, bindings: bound, evaluator: same?.evaluator ?? this.#compile(policy) }]
    })
  }
}
