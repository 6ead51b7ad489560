import { isNotFound, type KubernetesObject } from '@k1s/apimachinery'
import type { Client, ResourceKind } from '@k1s/core'
import { Lease } from '../leader-election/lease.ts'
import type { ControllerState } from './controller-state.ts'
import { decodeState, encodeState, type StateData } from './state-data.ts'

const ConfigMap = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true }

/** Where states and Leases are, unless a manager's options say otherwise. */
export const defaultStateNamespace = 'kube-system'

const managedBy = 'app.kubernetes.io/managed-by'
const manager = 'k1s-controller-runtime'

interface StateObject extends KubernetesObject, StateData {}

/**
 * The states of controllers, in ConfigMaps named `k1s-controller-NAME`. Whoever saves holds the Lease of the controller.
 * What cannot be read counts as nothing known: then everything is reconciled again.
 */
export class StateStore {
  readonly #client: Client
  readonly #namespace: string

  constructor(client: Client, namespace: string) {
    this.#client = client
    this.#namespace = namespace
  }

  async load(controller: string, signal?: AbortSignal): Promise<ControllerState> {
    try {
      const key = { namespace: this.#namespace, name: stateName(controller) }
      return await decodeState(await this.#client.get<StateObject>(ConfigMap, key, signal && { signal }))
    } catch (error) {
      if (isNotFound(error)) return decodeState({})
      throw error
    }
  }

  /** Replaces what was saved before. */
  async save(controller: string, state: ControllerState, signal: AbortSignal): Promise<void> {
    const object: StateObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: stateName(controller),
        namespace: this.#namespace,
        labels: { [managedBy]: manager },
      },
      ...(await encodeState(state)),
    }
    try {
      await this.#client.update(object, { signal })
    } catch (error) {
      if (!isNotFound(error)) throw error
      await this.#client.create(object, { signal })
    }
  }

  /** Forgets everything: the next run of the controller looks at all objects. */
  async remove(controller: string): Promise<void> {
    try {
      await this.#client.delete(ConfigMap, { namespace: this.#namespace, name: stateName(controller) })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}

/** The name of a controller's state, and of its Lease. */
export function stateName(controller: string): string {
  return `k1s-controller-${controller}`
}

/**
 * Whether an object is the state of a controller, or its Lease. Controllers are not told of these: one that watches ConfigMaps or
 * Leases would have something to do, and to keep, because it has kept something.
 */
export function isState({ group, plural }: ResourceKind, { metadata }: KubernetesObject): boolean {
  if (metadata.name?.startsWith(stateName('')) !== true) return false
  if (group === Lease.group) return plural === Lease.plural
  return group === '' && plural === ConfigMap.plural && metadata.labels?.[managedBy] === manager
}
