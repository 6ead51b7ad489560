import {
  formatGroupVersionKind,
  groupVersionKindOf,
  isJsonObject,
  type KubernetesObject,
  newBadRequest,
  StatusError,
} from '@k1s/apimachinery'
import type { ResourceKind } from '../client.ts'
import type { DiscoveredResource, Transport } from '../request.ts'

/**
 * Finds the resource behind an object's apiVersion and kind. What discovery has said counts, whoever asked, until there is
 * a kind that it did not know: `DeferredDiscoveryRESTMapper` of `k8s.io/client-go/restmapper`.
 */
export class KindMapper {
  readonly #transport: Transport
  readonly #tenant: string
  readonly #kinds = new Map<string, ResourceKind>()

  constructor(transport: Transport, tenant: string) {
    this.#transport = transport
    this.#tenant = tenant
  }

  /** BadRequest if the object does not say what it is; NotFound if no such kind is served. */
  kindOf(object: KubernetesObject): ResourceKind | Promise<ResourceKind> {
    const { apiVersion, kind } = isJsonObject(object) ? object : {}
    if (typeof apiVersion !== 'string' || typeof kind !== 'string' || apiVersion === '' || kind === '') {
      throw newBadRequest(
        'the object has no apiVersion and kind: set both, so that its resource can be found',
      )
    }
    return this.#kinds.get(`${apiVersion} ${kind}`) ?? this.#findDiscovered(object) ?? this.#discover(object)
  }

  /** Makes a kind known that discovery need not be asked for. */
  remember(kind: ResourceKind): void {
    const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`
    this.#kinds.set(`${apiVersion} ${kind.kind}`, kind)
  }

  async #discover(object: KubernetesObject): Promise<ResourceKind> {
    const kind = this.#find(object, await this.#transport.discover(this.#tenant))
    if (kind !== undefined) return kind
    throw new StatusError({
      code: 404,
      reason: 'NotFound',
      details: {},
      message: `no matches for kind ${formatGroupVersionKind(groupVersionKindOf(object))}: install its CustomResourceDefinition or register the kind first`,
    })
  }

  #findDiscovered(object: KubernetesObject): ResourceKind | undefined {
    const discovered = this.#transport.discovered?.(this.#tenant)
    return discovered === undefined ? undefined : this.#find(object, discovered)
  }

  #find(object: KubernetesObject, resources: readonly DiscoveredResource[]): ResourceKind | undefined {
    const gvk = groupVersionKindOf(object)
    const found = resources.find(
      ({ group, kind, versions }) =>
        group === gvk.group && kind === gvk.kind && versions.includes(gvk.version),
    )
    if (found === undefined) return undefined
    const kind = kindOfResource(found, gvk.version)
    this.remember(kind)
    return kind
  }
}

function kindOfResource(
  { group, kind, name, namespaced }: DiscoveredResource,
  version: string,
): ResourceKind {
  return { group, version, kind, plural: name, namespaced }
}
