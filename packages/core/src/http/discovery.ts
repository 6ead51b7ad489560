import { isNotFound } from '@k1s/apimachinery'
import type { DiscoveredResource } from '../request.ts'
import type { Answer } from './answer.ts'
import {
  type APIGroupDiscoveryList,
  type APIGroupList,
  type APIResourceList,
  type APIVersions,
  discoveredFromAggregated,
  discoveredFromLists,
  type GroupVersions,
} from './discovery-documents.ts'
import { failedAnswer, parseBody } from './read-answer.ts'

type Get = (
  path: string,
  options: { accept: string; etag?: string | undefined; signal?: AbortSignal | undefined },
) => Promise<Answer>

const aggregated = ['v2', 'v2beta1'].map(
  (version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
)

/** Newer servers answer with everything at once, older ones with the names of groups. */
export const acceptAggregated = [...aggregated, 'application/json'].join(',')

interface Document {
  readonly etag: string | undefined
  readonly body: unknown
}

/**
 * The resources of a server: `k8s.io/client-go/discovery`. Each call asks the server whether what is known still holds,
 * so that new kinds are found at once; calls at the same time share the answer.
 */
export class Discovery {
  readonly #get: Get
  readonly #documents = new Map<string, Document>()
  #known:
    | { readonly documents: readonly unknown[]; readonly resources: readonly DiscoveredResource[] }
    | undefined
  #underWay: Promise<readonly DiscoveredResource[]> | undefined
  #last: readonly DiscoveredResource[] | undefined

  constructor(get: Get) {
    this.#get = get
  }

  /** The last answer; undefined before the first. */
  get last(): readonly DiscoveredResource[] | undefined {
    return this.#last
  }

  async resources(signal: AbortSignal | undefined): Promise<readonly DiscoveredResource[]> {
    if (signal !== undefined) return this.#ask(signal)
    this.#underWay ??= this.#ask(undefined).finally(() => {
      this.#underWay = undefined
    })
    return this.#underWay
  }

  async #ask(signal: AbortSignal | undefined): Promise<readonly DiscoveredResource[]> {
    this.#last = await this.#discover(signal)
    return this.#last
  }

  async #discover(signal: AbortSignal | undefined): Promise<readonly DiscoveredResource[]> {
    const [core, named] = await Promise.all([this.#coreGroup(signal), this.#document('/apis', signal)])
    if (isAggregated(core) && isAggregated(named)) {
      const known = this.#known
      if (known?.documents[0] === core && known.documents[1] === named) return known.resources
      const resources = discoveredFromAggregated([core, named])
      this.#known = { documents: [core, named], resources }
      return resources
    }
    return this.#fromEachVersion(groupsOf(core, named), signal)
  }

  /** A server of custom resources alone may have no core group. */
  async #coreGroup(signal: AbortSignal | undefined): Promise<unknown> {
    try {
      return await this.#document('/api', signal)
    } catch (error) {
      if (isNotFound(error)) return { kind: 'APIGroupDiscoveryList', items: [] }
      throw error
    }
  }

  /** A group whose server does not answer is left out, unless none answers. */
  async #fromEachVersion(
    groups: readonly GroupVersions[],
    signal: AbortSignal | undefined,
  ): Promise<readonly DiscoveredResource[]> {
    const paths = groups.flatMap(({ group, versions }) =>
      versions.map((version) => (group === '' ? `/api/${version}` : `/apis/${group}/${version}`)),
    )
    const results = await Promise.allSettled(paths.map((path) => this.#document(path, signal)))
    const lists = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    const [failed] = results.filter((result) => result.status === 'rejected')
    if (failed !== undefined && (lists.length === 0 || signal?.aborted)) throw failed.reason
    return discoveredFromLists(groups, lists as APIResourceList[])
  }

  async #document(path: string, signal: AbortSignal | undefined): Promise<unknown> {
    const known = this.#documents.get(path)
    const answer = await this.#get(path, { accept: acceptAggregated, etag: known?.etag, signal })
    const text = await answer.text()
    if (answer.code === 304 && known !== undefined) return known.body
    if (answer.code !== 200) throw failedAnswer('GET', answer, text)
    const body: unknown = parseBody(answer, text)
    this.#documents.set(path, { etag: answer.headers.etag, body })
    return body
  }
}

function isAggregated(document: unknown): document is APIGroupDiscoveryList {
  return (document as { kind?: unknown }).kind === 'APIGroupDiscoveryList'
}

function groupsOf(core: unknown, named: unknown): GroupVersions[] {
  return [
    { group: '', versions: isAggregated(core) ? versionsOf(core) : ((core as APIVersions).versions ?? []) },
    ...(isAggregated(named)
      ? named.items.map(({ metadata, versions }) => ({
          group: metadata.name ?? '',
          versions: versions.map(({ version }) => version),
        }))
      : ((named as APIGroupList).groups ?? []).map(({ name, versions, preferredVersion }) => ({
          group: name,
          versions: [...new Set([preferredVersion, ...versions].flatMap((each) => each?.version ?? []))],
        }))),
  ]
}

function versionsOf({ items }: APIGroupDiscoveryList): string[] {
  return items.flatMap(({ versions }) => versions.map(({ version }) => version))
}
