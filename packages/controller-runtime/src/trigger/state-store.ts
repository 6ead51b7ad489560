import { isNotFound, type KubernetesObject } from '@k1s/apimachinery'
import type { Client, ResourceKind } from '@k1s/core'
import { Lease } from '../leader-election/lease.ts'
import type { PendingRequest } from '../queue/request-queue.ts'
import { requestKey, requestOfKey } from '../reconcile.ts'
import type { ControllerState } from './controller-state.ts'

const ConfigMap = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true }

/** Where states and Leases are, unless a manager's options say otherwise. */
export const defaultStateNamespace = 'kube-system'

/** More text than this is not kept, so that it fits in a ConfigMap: 1 MiB with all its metadata. */
const maxPendingLength = 900_000

/** The last instant that a Date can tell, milliseconds: a requeue after `Infinity` is due then. */
const latestDate = 8.64e15

const managedBy = 'app.kubernetes.io/managed-by'
const manager = 'k1s-controller-runtime'

interface StateObject extends KubernetesObject {
  data?: { resourceVersions?: string; pending?: string; lastPeriod?: string }
}

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

  async load(controller: string): Promise<ControllerState> {
    try {
      const key = { namespace: this.#namespace, name: stateName(controller) }
      return stateOf(await this.#client.get<StateObject>(ConfigMap, key))
    } catch (error) {
      if (isNotFound(error)) return stateOf({ data: {} })
      throw error
    }
  }

  /** Replaces what was saved before. */
  async save(controller: string, state: ControllerState): Promise<void> {
    const object: StateObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: stateName(controller),
        namespace: this.#namespace,
        labels: { [managedBy]: manager },
      },
      data: dataOf(state),
    }
    try {
      await this.#client.update(object)
    } catch (error) {
      if (!isNotFound(error)) throw error
      await this.#client.create(object)
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

function dataOf({ resourceVersions, pending, lastPeriod }: ControllerState): StateObject['data'] {
  const lines = pending.map(
    ({ request, dueAt, failures, priority }) =>
      `${requestKey(request)} ${new Date(Math.min(dueAt, latestDate)).toISOString()} ${failures} ${priority}`,
  )
  const text = lines.join('\n')
  const period = lastPeriod === undefined ? {} : { lastPeriod: new Date(lastPeriod).toISOString() }
  // Too much to remember: the next run looks at everything, which includes what was pending.
  if (text.length > maxPendingLength) return period
  return { resourceVersions: JSON.stringify(resourceVersions), pending: text, ...period }
}

function stateOf({ data = {} }: Pick<StateObject, 'data'>): ControllerState {
  const resourceVersions = versionsOf(data.resourceVersions)
  const pending = resourceVersions === undefined ? undefined : pendingOf(data.pending ?? '')
  const lastPeriod = data.lastPeriod === undefined ? Number.NaN : Date.parse(data.lastPeriod)
  return {
    // Without what was pending, the versions would say that it is done.
    resourceVersions: pending === undefined ? {} : (resourceVersions ?? {}),
    pending: pending ?? [],
    lastPeriod: Number.isNaN(lastPeriod) ? undefined : lastPeriod,
  }
}

function versionsOf(text: string | undefined): { [resource: string]: string } | undefined {
  try {
    const versions: unknown = JSON.parse(text ?? '{}')
    if (typeof versions !== 'object' || versions === null || Array.isArray(versions)) return undefined
    const entries = Object.entries(versions)
    return entries.every(([, version]) => typeof version === 'string' && /^\d+$/.test(version))
      ? Object.fromEntries(entries)
      : undefined
  } catch {
    return undefined
  }
}

function pendingOf(text: string): PendingRequest[] | undefined {
  const pending: PendingRequest[] = []
  for (const line of text.split('\n')) {
    if (line === '') continue
    const [key = '', due = '', failures, priority] = line.split(' ')
    const dueAt = Date.parse(due)
    if (!key.includes('/') || Number.isNaN(dueAt)) return undefined
    pending.push({
      request: requestOfKey(key),
      dueAt,
      failures: Number(failures) || 0,
      priority: Number(priority) || 0,
    })
  }
  return pending
}
