import { isForbidden, isNotFound, type OwnerReference, parseGroupVersion } from '@k1s/apimachinery'
import type { DiscoveredResource } from '@k1s/core'
import type { BulkApi } from './bulk-api.ts'

/** How many owners are remembered: those of a page of dependents are mostly near each other. */
const maxRemembered = 10_000

/** `there`: the owner has this uid. `gone`: it has not. `unknown`: its kind is not served, or it may not be read. */
export type OwnerState = 'there' | 'gone' | 'unknown'

/** Looks owners up by name, to tell whether they are still those that references mean. */
export class OwnerLookup {
  readonly #api: BulkApi
  readonly #resources: readonly DiscoveredResource[]
  /** The uid by kind and name; empty if there is no such object, undefined if nobody can say. */
  readonly #found = new Map<string, Promise<string | undefined>>()

  constructor(api: BulkApi, resources: readonly DiscoveredResource[]) {
    this.#api = api
    this.#resources = resources
  }

  async stateOf(reference: OwnerReference, namespace: string | undefined): Promise<OwnerState> {
    const uid = await this.uidOf(reference, namespace)
    if (uid === undefined) return 'unknown'
    return uid === reference.uid ? 'there' : 'gone'
  }

  /** The uid of the object that goes by this name; empty if there is none, undefined if nobody can say. */
  uidOf(
    { apiVersion, kind, name }: Omit<OwnerReference, 'uid'>,
    namespace: string | undefined,
  ): Promise<string | undefined> {
    const { group } = parseGroupVersion(apiVersion)
    const resource = this.#resources.find((candidate) => candidate.group === group && candidate.kind === kind)
    if (resource === undefined || (resource.namespaced && !namespace)) return Promise.resolve(undefined)
    const scope = resource.namespaced ? (namespace ?? '') : ''
    const key = `${group}/${kind}/${scope}/${name}`
    let found = this.#found.get(key)
    if (found === undefined) {
      found = this.#read(resource, scope, name)
      if (this.#found.size >= maxRemembered) this.#found.clear()
      this.#found.set(key, found)
    }
    return found
  }

  async #read(resource: DiscoveredResource, namespace: string, name: string): Promise<string | undefined> {
    const { group, kind, name: plural, namespaced, versions } = resource
    const mapping = { group, version: versions[0]!, kind, plural, namespaced }
    try {
      const { metadata } = await this.#api.client.metadata.get(mapping, {
        name,
        ...(namespaced && { namespace }),
      })
      return metadata.uid ?? ''
    } catch (error) {
      if (isNotFound(error)) return ''
      if (isForbidden(error)) return undefined
      throw error
    }
  }
}
