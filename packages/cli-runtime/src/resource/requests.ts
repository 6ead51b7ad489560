import {
  formatGroupVersionResource,
  isBadRequest,
  isNotFound,
  type KubernetesList,
  StatusError,
  type Unstructured,
  type WatchEvent,
} from '@k1s/apimachinery'
import type { ApiRequest, RequestOptions, Table, Transport, UserInfo, Verb } from '@k1s/core'
import type { RestMapping } from '../mapping/rest-mapper.ts'
import { isTable } from '../printers/lists.ts'
import type { Printable } from '../printers/printer.ts'

export interface Selection {
  /** Empty for all namespaces. */
  readonly namespace: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
}

export interface RequestSettings {
  readonly transport: Transport
  readonly tenant: string
  readonly user: UserInfo
  readonly subresource?: string
  readonly asTable: boolean
  readonly includeObject: boolean
  readonly onWarning: (text: string) => void
}

/** Reads objects for a builder: `resource.Helper`. */
export class ResourceRequests {
  readonly #settings: RequestSettings

  constructor(settings: RequestSettings) {
    this.#settings = settings
  }

  /** Throws the NotFound of the namespace in place of the object's if it is the namespace that does not exist. */
  async get(mapping: RestMapping, namespace: string, name: string): Promise<Printable> {
    try {
      return await this.#send('get', mapping, { namespace, name }, {})
    } catch (error) {
      if (isNotFound(error) && mapping.namespaced && namespace !== '' && namespace !== 'default') {
        await this.#requireNamespace(namespace, error)
      }
      throw error
    }
  }

  /** The whole list, read in pages of `limit` objects; 0 reads it at once. */
  async list(mapping: RestMapping, selection: Selection, limit: number): Promise<Printable> {
    const { namespace, labelSelector, fieldSelector } = selection
    const options: RequestOptions = {
      ...(labelSelector && { labelSelector }),
      ...(fieldSelector && { fieldSelector }),
      ...(limit > 0 && { limit }),
    }
    const pages: (KubernetesList | Table)[] = []
    let token: string | undefined
    do {
      const page = await this.#listPage(mapping, namespace, { ...options, ...(token && { continue: token }) })
      pages.push(page)
      token = page.metadata.continue
    } while (token)
    return joinPages(pages)
  }

  watch(
    mapping: RestMapping,
    { namespace, labelSelector, fieldSelector }: Selection,
    options: { resourceVersion?: string; signal?: AbortSignal; asTable?: boolean },
  ): AsyncIterable<WatchEvent<Unstructured>> {
    const request = this.#request(
      'watch',
      mapping,
      { namespace },
      {
        ...(labelSelector && { labelSelector }),
        ...(fieldSelector && { fieldSelector }),
        ...(options.resourceVersion !== undefined && { resourceVersion: options.resourceVersion }),
      },
      options.asTable ?? this.#settings.asTable,
    )
    const { signal } = options
    const { transport, onWarning } = this.#settings
    return transport.watch(signal === undefined ? request : { ...request, signal }, onWarning)
  }

  async #listPage(
    mapping: RestMapping,
    namespace: string,
    options: RequestOptions,
  ): Promise<KubernetesList | Table> {
    try {
      return (await this.#send('list', mapping, { namespace }, options)) as KubernetesList | Table
    } catch (error) {
      throw enhanceListError(error, mapping, options)
    }
  }

  async #requireNamespace(namespace: string, error: Error): Promise<void> {
    const { transport, tenant, user } = this.#settings
    const version = { group: '', version: 'v1', resource: 'namespaces' }
    try {
      await transport.request({ verb: 'get', tenant, user, ...version, name: namespace, options: {} })
    } catch (missing) {
      throw isNotFound(missing) ? missing : error
    }
  }

  async #send(
    verb: Verb,
    mapping: RestMapping,
    target: { namespace: string; name?: string },
    options: RequestOptions,
  ): Promise<Printable> {
    const request = this.#request(verb, mapping, target, options, this.#settings.asTable)
    const { body, warnings = [] } = await this.#settings.transport.request(request)
    for (const warning of warnings) this.#settings.onWarning(warning)
    return body
  }

  #request(
    verb: Verb,
    mapping: RestMapping,
    { namespace, name }: { namespace: string; name?: string },
    options: RequestOptions,
    asTable: boolean,
  ): ApiRequest {
    const { tenant, user, subresource, includeObject } = this.#settings
    const table: RequestOptions = includeObject
      ? { ...options, as: 'Table', includeObject: 'Object' }
      : { ...options, as: 'Table' }
    return {
      verb,
      tenant,
      user,
      group: mapping.group,
      version: mapping.version,
      resource: mapping.plural,
      ...(subresource && { subresource }),
      ...(mapping.namespaced && namespace !== '' && { namespace }),
      ...(name !== undefined && { name }),
      options: asTable ? table : options,
    }
  }
}

function joinPages(pages: readonly (KubernetesList | Table)[]): Printable {
  const [first, ...rest] = pages
  if (rest.length === 0) return first!
  // What remains and where to go on are facts about a page.
  const { continue: _, remainingItemCount: __, ...metadata } = first!.metadata
  if (isTable(first!)) return { ...first, metadata, rows: pages.flatMap((page) => (page as Table).rows) }
  return { ...first!, metadata, items: pages.flatMap((page) => (page as KubernetesList).items) }
}

/** Says what was looked for, as `resource.EnhanceListError`. */
function enhanceListError(error: unknown, mapping: RestMapping, options: RequestOptions): unknown {
  if (!isBadRequest(error) && !isNotFound(error)) return error
  const subject = JSON.stringify(formatGroupVersionResource({ ...mapping, resource: mapping.plural }))
  const { labelSelector = '', fieldSelector = '' } = options
  const message =
    labelSelector === '' && fieldSelector === ''
      ? `Unable to list ${subject}: ${error.message}`
      : `Unable to find ${subject} that match label selector ${JSON.stringify(labelSelector)}, field selector ${JSON.stringify(fieldSelector)}: ${error.message}`
  return new StatusError({ ...error.status, message })
}
