import type { KubernetesObject, Unstructured, WatchEvent } from '@k1s/apimachinery'
import { aggregate, filterOut } from '../errors/aggregate.ts'
import type { RestMapping } from '../mapping/rest-mapper.ts'
import { isList, isTable, toList } from '../printers/lists.ts'
import type { Printable } from '../printers/printer.ts'
import { BrokenPipeError } from '../streams/io-streams.ts'
import type { Info, ResourceInfo } from './info.ts'
import { filterNamespace, requireNamespace, setNamespace } from './namespaces.ts'
import type { BuilderContext, Query } from './query.ts'
import { ResourceRequests } from './requests.ts'
import type { Result, VisitorFunc } from './result.ts'
import { FoundError, type Source } from './source.ts'
import { formOf, type QueryForm } from './validate-query.ts'

interface Sources {
  readonly sources: readonly Source[]
  readonly singleItemImplied: boolean
}

export class QueryResult implements Result {
  readonly error: Error | undefined
  readonly targetsSingleItems: boolean
  readonly #query: Query
  readonly #context: BuilderContext
  readonly #form: QueryForm | undefined
  readonly #ignored: ((error: unknown) => boolean)[] = []
  #singleItemImplied = false
  #sources: Promise<Sources> | undefined
  #requests: Promise<ResourceRequests> | undefined
  #infos: Promise<{ infos: Info[]; error: Error | undefined }> | undefined

  constructor(query: Query, context: BuilderContext) {
    this.#query = query
    this.#context = context
    try {
      this.error = aggregate(query.errors)
      this.#form = this.error === undefined ? formOf(query) : undefined
    } catch (error) {
      this.error = error as Error
    }
    this.targetsSingleItems = this.#form !== 'selector'
  }

  get singleItemImplied(): boolean {
    return this.#singleItemImplied
  }

  ignoreErrors(...matches: ((error: unknown) => boolean)[]): Result {
    this.#ignored.push(...matches)
    return this
  }

  async open(): Promise<void> {
    await this.#open()
  }

  async visit(visit: VisitorFunc): Promise<void> {
    const { sources } = await this.#open()
    const errors: unknown[] = []
    try {
      for (const source of sources) await this.#visitSource(source, visit, errors)
    } catch (error) {
      errors.push(error)
    }
    const error = filterOut(new AggregateError(errors), this.#ignored)
    if (error !== undefined) throw error
  }

  async infos(): Promise<Info[]> {
    const { infos, error } = await this.infosAndError()
    if (error !== undefined) throw error
    return infos
  }

  infosAndError(): Promise<{ infos: Info[]; error: Error | undefined }> {
    this.#infos ??= this.#collect()
    return this.#infos
  }

  async object(): Promise<Printable> {
    const objects = (await this.infos()).flatMap(({ object }) => (object === undefined ? [] : [object]))
    const [only] = objects
    if (objects.length === 1 && only !== undefined) {
      if (this.#singleItemImplied || isList(only) || isTable(only)) return only
    }
    const versions = new Set(objects.map((object) => versionOf(object)))
    return toList(objects as KubernetesObject[], versions.size === 1 ? [...versions][0] : '')
  }

  async resourceMapping(): Promise<RestMapping> {
    const { sources } = await this.#open()
    const mappings = new Map<string, RestMapping>()
    for (const { mapping } of sources) {
      if (mapping === undefined) throw new Error('a resource mapping could not be loaded from a file')
      mappings.set(`${mapping.group}/${mapping.version}/${mapping.plural}`, mapping)
    }
    const [mapping, ...others] = mappings.values()
    if (mapping === undefined || others.length > 0) throw new Error('expected only a single resource type')
    return mapping
  }

  async watch(options: {
    resourceVersion?: string
    signal?: AbortSignal
    asTable?: boolean
  }): Promise<AsyncIterable<WatchEvent<Unstructured>>> {
    const { sources } = await this.#open()
    const [source, ...others] = sources
    if (source === undefined || others.length > 0) {
      throw new Error('you may only watch a single resource or type of resource at a time')
    }
    const requests = await this.#openRequests()
    if (source.mapping !== undefined && source.selection !== undefined) {
      return requests.watch(source.mapping, source.selection, options)
    }
    const infos = await this.infos()
    const [info] = infos
    if (info === undefined || infos.length > 1) {
      throw new Error(
        `watch is only supported on individual resources and resource collections - ${infos.length} resources were found`,
      )
    }
    const selection = { namespace: info.namespace, fieldSelector: `metadata.name=${info.name}` }
    return requests.watch(info.mapping, selection, options)
  }

  async #collect(): Promise<{ infos: Info[]; error: Error | undefined }> {
    const infos: Info[] = []
    try {
      await this.visit((info) => {
        infos.push(info)
      })
      return { infos, error: undefined }
    } catch (error) {
      return { infos, error: error as Error }
    }
  }

  async #visitSource(source: Source, visit: VisitorFunc, errors: unknown[]): Promise<void> {
    await this.#attempt(errors, async () => {
      for await (const found of source.find()) {
        await this.#attempt(errors, async () => {
          for (const info of await this.#flatten(found, errors)) {
            await this.#attempt(errors, async () => {
              if (await this.#prepare(info)) await visit(info)
            })
          }
        })
      }
    })
  }

  /** With continueOnError, collects what a step throws. */
  async #attempt(errors: unknown[], step: () => Promise<void>): Promise<void> {
    try {
      await step()
    } catch (error) {
      // Nobody reads what further objects would print.
      if (!this.#query.continueOnError || error instanceof BrokenPipeError) throw error
      errors.push(error)
    }
  }

  /** The items of a list where lists are to be flattened. */
  async #flatten(found: ResourceInfo | FoundError, errors: unknown[]): Promise<ResourceInfo[]> {
    if (found instanceof FoundError) throw found.error
    const { object } = found
    if (!this.#query.flatten || object === undefined || !isList(object)) return [found]
    const { flattenList } = await import('./flatten-list.ts')
    const infos: ResourceInfo[] = []
    for await (const item of flattenList(object, found, this.#query, this.#context, () =>
      this.#openRequests(),
    )) {
      await this.#attempt(errors, async () => {
        if (item instanceof FoundError) throw item.error
        infos.push(item)
      })
    }
    return infos
  }

  /** Settles the namespace and reads what is to be read. False if a selector leaves the object out. */
  async #prepare(info: ResourceInfo): Promise<boolean> {
    const query = this.#query
    if (this.#form === 'files' && query.labelSelector) {
      const { labelFilter } = await import('./file-sources.ts')
      if (!labelFilter(query.labelSelector)(info)) return false
    }
    if (query.defaultNamespace) setNamespace(info, query.namespace)
    if (query.requireNamespace) requireNamespace(info, query.namespace)
    filterNamespace(info)
    const refetch = this.#form === 'files' && query.latest && !query.local && info.name !== ''
    if (refetch || (query.requireObject && info.object === undefined)) await info.get()
    return true
  }

  #open(): Promise<Sources> {
    if (this.error !== undefined) return Promise.reject(this.error)
    this.#sources ??= this.#openSources().then((opened) => {
      this.#singleItemImplied = opened.singleItemImplied
      return opened
    })
    return this.#sources
  }

  async #openSources(): Promise<Sources> {
    const query = this.#query
    const open = () => this.#openRequests()
    if (this.#form === 'files') {
      const { fileSources } = await import('./file-sources.ts')
      return fileSources(query, this.#context, open)
    }
    const { nameSources, pairSources, selectorSources } = await import('./argument-sources.ts')
    const mapper = await this.#context.restMapper()
    switch (this.#form) {
      case 'selector':
        return { sources: selectorSources(query, mapper, open), singleItemImplied: false }
      case 'pairs':
        return { sources: pairSources(query, mapper, open), singleItemImplied: query.tuples.length === 1 }
      default:
        return { sources: nameSources(query, mapper, open), singleItemImplied: query.names.length === 1 }
    }
  }

  #openRequests(): Promise<ResourceRequests> {
    this.#requests ??= this.#makeRequests()
    return this.#requests
  }

  async #makeRequests(): Promise<ResourceRequests> {
    const [transport, { tenant }, user] = await Promise.all([
      this.#context.transport(),
      this.#context.config(),
      this.#context.user(),
    ])
    return new ResourceRequests({
      transport,
      tenant,
      user,
      asTable: this.#query.asTable,
      includeObject: this.#query.includeObject,
      onWarning: (text) => this.#context.warn(text),
      ...(this.#query.subresource !== undefined && { subresource: this.#query.subresource }),
    })
  }
}

function versionOf(object: Printable): string {
  return object.metadata?.resourceVersion ?? ''
}
