import { formatGroupResource } from '@k1s/apimachinery'
import type { ApiRequest, DiscoveredResource, KindDefinition, Transport } from '@k1s/core'
import { passedOn } from './recording-transport.ts'
import { type RequestMatch, type RequestVerb, requestVerbs } from './request-match.ts'

/**
 * Which resources an environment has had so far, so that a name that no request can have is an error of the test, and not a fault
 * that is never done. What is named by its kind is not looked for: a test may mean one that comes later.
 */
export class KnownResources {
  /** Subresources by the name of the resource, as `items.inventory.k1s.dev`. */
  readonly #subresources = new Map<string, Set<string>>()

  addDiscovered(resources: readonly DiscoveredResource[]): void {
    for (const { group, name, subresources } of resources) {
      this.#add(group, name, Object.values(subresources).flat())
    }
  }

  addKinds(kinds: readonly Pick<KindDefinition<never>, 'group' | 'plural' | 'subresources'>[]): void {
    for (const { group, plural, subresources = {} } of kinds) {
      const { status, scale } = subresources
      this.#add(group, plural, [...(status ? ['status'] : []), ...(scale ? ['scale'] : [])])
    }
  }

  /** Learns from what passes: the definitions that are written. */
  transport(next: Transport): Transport {
    const written = async (request: ApiRequest) => {
      const response = await next.request(request)
      this.addDiscovered(await next.discover(request.tenant))
      return response
    }
    return {
      ...passedOn(next),
      watch: (...asked) => next.watch(...asked),
      ...(next.changes !== undefined && {
        changes: (...asked: Parameters<NonNullable<Transport['changes']>>) => next.changes!(...asked),
      }),
      request: (request) => (writesDefinition(request) ? written(request) : next.request(request)),
    }
  }

  /** Throws a RangeError that shows what there is unless verb and resource are such as requests can have. */
  check({ verb, resource }: RequestMatch): void {
    for (const name of verb === undefined ? [] : [verb].flat()) checkVerb(name)
    if (typeof resource === 'string') this.#checkResource(resource)
  }

  #checkResource(text: string): void {
    const [resource = '', subresource] = text.split('/')
    const subresources = this.#subresources.get(resource)
    if (subresources === undefined) {
      throw new RangeError(
        `no resource is called ${JSON.stringify(resource)}; there are: ${[...this.#subresources.keys()].sort().join(', ')}`,
      )
    }
    if (subresource === undefined || subresource === '*' || subresources.has(subresource)) return
    const there = [...subresources].map((name) => `${resource}/${name}`)
    throw new RangeError(
      `no subresource is called ${JSON.stringify(text)}; there are: ${[...there, `${resource}/*`].join(', ')}`,
    )
  }

  #add(group: string, resource: string, subresources: readonly string[]): void {
    const name = formatGroupResource({ group, resource })
    const known = this.#subresources.get(name) ?? new Set()
    for (const subresource of subresources) known.add(subresource)
    this.#subresources.set(name, known)
  }
}

function checkVerb(verb: RequestVerb): void {
  if (requestVerbs.includes(verb)) return
  throw new RangeError(`no verb is called ${JSON.stringify(verb)}; there are: ${requestVerbs.join(', ')}`)
}

function writesDefinition({ group, resource, verb }: ApiRequest): boolean {
  return (
    group === 'apiextensions.k8s.io' &&
    resource === 'customresourcedefinitions' &&
    (verb === 'create' || verb === 'update' || verb === 'patch')
  )
}
