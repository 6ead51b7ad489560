import {
  type KubernetesList,
  type KubernetesObject,
  newBadRequest,
  quote,
  type Status,
  type WatchEvent,
} from '@k1s/apimachinery'
import type { Changes, ChangesOptions } from '../changes.ts'
import type {
  Client,
  DeleteCollectionOptions,
  DeleteOptions,
  GetOptions,
  Kind,
  ListOptions,
  MetadataClient,
  ObjectKey,
  Patch,
  ResourceKind,
  SubresourceClient,
  TableOptions,
  WatchOptions,
  WriteCallOptions,
  WriteOptions,
} from '../client.ts'
import type { ApiRequest, RequestOptions, Transport, UserInfo, Verb } from '../request.ts'
import type { Table } from '../table/table.ts'
import { KindMapper } from './kind-mapper.ts'

export interface TransportClientOptions {
  readonly transport: Transport
  readonly tenant: string
  readonly user: UserInfo
  /** What comes before the first slash names the field manager of writes that name none. */
  readonly userAgent?: string
  /** Where namespaced objects are when a call names no namespace. */
  readonly namespace: string
}

type Writable<T> = { -readonly [key in keyof T]: T[key] }

interface Target {
  readonly namespace?: string | undefined
  readonly name?: string | undefined
  readonly subresource?: string | undefined
  readonly body?: unknown
  readonly patchType?: Patch['type']
}

/** A {@link Client} on any Transport. */
export class TransportClient implements Client {
  readonly #options: TransportClientOptions
  readonly mapper: KindMapper
  readonly status: SubresourceClient = this.subresource('status')
  readonly metadata: MetadataClient = {
    get: async (kind, key, options = {}) => {
      const { signal: _, onWarning: __, ...rest } = options
      return this.#send('get', kind, this.#targetOf(kind, key), { ...rest, ...asMetadata }, options)
    },
    list: async (kind, options = {}) => {
      const requestOptions = { ...selectors(options), ...asMetadata }
      return this.#send('list', kind, { namespace: options.namespace }, requestOptions, options)
    },
    watch: (kind, options = {}) => this.#watch(kind, options, asMetadata),
  }

  constructor(options: TransportClientOptions) {
    this.#options = options
    this.mapper = new KindMapper(options.transport, options.tenant)
  }

  async get<T extends KubernetesObject>(kind: Kind<T>, key: ObjectKey, options: GetOptions = {}): Promise<T> {
    const { resourceVersion } = options
    const requestOptions = resourceVersion === undefined ? noOptions : { resourceVersion }
    return this.#send('get', kind, this.#targetOf(kind, key), requestOptions, options)
  }

  async list<T extends KubernetesObject>(
    kind: Kind<T>,
    options: ListOptions = {},
  ): Promise<KubernetesList<T>> {
    return this.#send('list', kind, { namespace: options.namespace }, selectors(options), options)
  }

  async table(kind: ResourceKind, options: TableOptions = {}): Promise<Table> {
    const requestOptions: RequestOptions = { ...selectors(options), as: 'Table' }
    return this.#send('list', kind, { namespace: options.namespace }, requestOptions, options)
  }

  watch<T extends KubernetesObject>(kind: Kind<T>, options: WatchOptions = {}): AsyncIterable<WatchEvent<T>> {
    return this.#watch(kind, options, noOptions)
  }

  async changes<T extends KubernetesObject>(kind: Kind<T>, options: ChangesOptions): Promise<Changes<T>> {
    const { transport } = this.#options
    const { signal, onWarning, namespace, ...requestOptions } = options
    if (!requestOptions.resourceVersion || requestOptions.resourceVersion === '0') {
      throw newBadRequest(
        'resourceVersion: Required value: changes are since one that a list or an object has',
      )
    }
    signal?.throwIfAborted()
    if (transport.changes === undefined) {
      const { listChanges } = await import('./list-changes.ts')
      return listChanges(this, kind, options)
    }
    const request = this.#request('watch', kind, { namespace }, requestOptions, signal)
    return (await transport.changes(request, onWarning)) as unknown as Changes<T>
  }

  async create<T extends KubernetesObject>(object: T, options: WriteOptions = {}): Promise<T> {
    const found = this.mapper.kindOf(object)
    const kind = found instanceof Promise ? await found : found
    const namespace = this.#namespaceOf(kind, object.metadata?.namespace)
    return await this.#send('create', kind, { namespace, body: object }, writeOptions(options), options)
  }

  async update<T extends KubernetesObject>(object: T, options: WriteOptions = {}): Promise<T> {
    const kind = await this.mapper.kindOf(object)
    const target = { ...this.#targetOf(kind, keyOf(object)), body: object }
    return this.#send('update', kind, target, writeOptions(options), options)
  }

  async patch<T extends KubernetesObject>(
    object: T,
    patch: Patch,
    options: WriteOptions & { force?: boolean } = {},
  ): Promise<T> {
    const kind = await this.mapper.kindOf(object)
    return this.#patch(kind, keyOf(object), patch, undefined, options)
  }

  async apply<T extends KubernetesObject>(
    object: T,
    options: WriteOptions & { fieldManager: string; force?: boolean },
  ): Promise<T> {
    return this.patch(object, { type: applyPatchType, body: object }, options)
  }

  async delete<T extends KubernetesObject>(
    first: Kind<T> | KubernetesObject,
    second?: ObjectKey | DeleteOptions,
    third?: DeleteOptions,
  ): Promise<T | undefined> {
    const isObject = typeof first === 'object' && first !== null && 'metadata' in first
    const kind = isObject ? await this.mapper.kindOf(first) : first
    const key = isObject ? keyOf(first) : (second as ObjectKey)
    const options = (isObject ? (second as DeleteOptions | undefined) : third) ?? {}
    const target = this.#targetOf(kind, key)
    const body = await this.#send<T | Status>('delete', kind, target, deleteOptions(options), options)
    return isSuccess(body) ? undefined : body
  }

  async deleteCollection<T extends KubernetesObject>(
    kind: Kind<T>,
    options: DeleteCollectionOptions = {},
  ): Promise<KubernetesList<T>> {
    const { labelSelector, fieldSelector } = options
    const requestOptions = {
      ...deleteOptions(options),
      ...(labelSelector !== undefined && { labelSelector }),
      ...(fieldSelector !== undefined && { fieldSelector }),
    }
    const namespace = this.#namespaceOf(kind, options.namespace)
    return this.#send('deletecollection', kind, { namespace }, requestOptions, options)
  }

  subresource(name: string): SubresourceClient {
    return {
      get: async (kind, key, options = {}) => {
        const { resourceVersion } = options
        const target = { ...this.#targetOf(kind, key), subresource: name }
        return this.#send(
          'get',
          kind,
          target,
          resourceVersion === undefined ? {} : { resourceVersion },
          options,
        )
      },
      update: async (object, options = {}) => {
        const kind = options.parent ?? (await this.mapper.kindOf(object))
        const target = { ...this.#targetOf(kind, keyOf(object)), subresource: name, body: object }
        return this.#send('update', kind, target, writeOptions(options), options)
      },
      patch: async (object, patch, options = {}) => {
        const kind = options.parent ?? (await this.mapper.kindOf(object))
        return this.#patch(kind, keyOf(object), patch, name, options)
      },
      apply: async (object, options) => {
        const kind = options.parent ?? (await this.mapper.kindOf(object))
        return this.#patch(kind, keyOf(object), { type: applyPatchType, body: object }, name, options)
      },
    }
  }

  #watch<T extends KubernetesObject>(
    kind: ResourceKind,
    { signal, onWarning, namespace, sharesObjects, resumes, ...options }: WatchOptions,
    representation: RequestOptions,
  ): AsyncIterable<WatchEvent<T>> {
    const requestOptions: RequestOptions = {
      ...options,
      ...(options.sendInitialEvents !== undefined && { resourceVersionMatch: 'NotOlderThan' }),
      ...representation,
    }
    const request = this.#request('watch', kind, { namespace }, requestOptions, signal)
    if (sharesObjects) request.sharesObjects = true
    if (resumes !== undefined) request.resumes = resumes
    return this.#options.transport.watch(request, onWarning) as unknown as AsyncIterable<WatchEvent<T>>
  }

  #patch<T>(
    kind: ResourceKind,
    key: ObjectKey,
    patch: Patch,
    subresource: string | undefined,
    options: WriteOptions & { force?: boolean },
  ): Promise<T> {
    if (typeof patch?.type !== 'string') {
      throw newBadRequest(
        'the patch has no type: pass what jsonPatch, mergePatch or strategicMergePatch makes',
      )
    }
    const { type, body } = patch
    const target = { ...this.#targetOf(kind, key), subresource, body, patchType: type }
    const requestOptions = {
      ...writeOptions(options),
      ...(options.force !== undefined && { force: options.force }),
    }
    return this.#send('patch', kind, target, requestOptions, options)
  }

  async #send<T>(
    verb: Verb,
    kind: ResourceKind,
    target: Target,
    requestOptions: RequestOptions,
    { signal, onWarning, onAuditAnnotation }: WriteCallOptions,
  ): Promise<T> {
    signal?.throwIfAborted()
    const request = this.#request(verb, kind, target, requestOptions, signal)
    if (onAuditAnnotation !== undefined) request.annotate = onAuditAnnotation
    const { body, warnings } = await this.#options.transport.request(request)
    if (warnings !== undefined && onWarning !== undefined) for (const warning of warnings) onWarning(warning)
    return body as T
  }

  #request(
    verb: Verb,
    kind: ResourceKind,
    { namespace, name, subresource, body, patchType }: Target,
    options: RequestOptions,
    signal: AbortSignal | undefined,
  ): Writable<ApiRequest> {
    if (typeof kind?.plural !== 'string') throw notAKind(kind)
    const { group, version, plural } = kind
    const { tenant, user, userAgent } = this.#options
    const request: Writable<ApiRequest> = {
      verb,
      tenant,
      user,
      group,
      version,
      resource: plural,
      options,
      body,
    }
    if (userAgent !== undefined) request.userAgent = userAgent
    if (namespace !== undefined) request.namespace = namespace
    if (name !== undefined) request.name = name
    if (subresource !== undefined) request.subresource = subresource
    if (patchType !== undefined) request.patchType = patchType
    if (signal !== undefined) request.signal = signal
    return request
  }

  #targetOf(kind: ResourceKind, key: ObjectKey): { name: string; namespace?: string } {
    if (typeof key?.name !== 'string') {
      throw newBadRequest("the object's key is missing: pass it after the kind, such as { name: 'a' }")
    }
    const { name, namespace } = key
    const inNamespace = this.#namespaceOf(kind, namespace)
    return inNamespace === undefined ? { name } : { name, namespace: inNamespace }
  }

  #namespaceOf(kind: ResourceKind, namespace: string | undefined): string | undefined {
    return kind?.namespaced ? (namespace ?? this.#options.namespace) : undefined
  }
}

const applyPatchType = 'application/apply-patch+yaml'
const noOptions: RequestOptions = {}
const asMetadata: RequestOptions = { as: 'PartialObjectMetadata' }

function notAKind(given: unknown) {
  const problem = typeof given === 'string' ? `${quote(given)} is not a kind` : 'the kind is missing'
  return newBadRequest(
    `${problem}: pass what defineKind makes, or an object with group, version, kind, plural and namespaced`,
  )
}

function keyOf({ metadata }: KubernetesObject): ObjectKey {
  const name = metadata?.name
  if (name === undefined || name === '')
    throw newBadRequest('metadata.name: Required value: name must be provided')
  return metadata.namespace === undefined ? { name } : { name, namespace: metadata.namespace }
}

function isSuccess(body: KubernetesObject | Status): body is Status {
  return body.kind === 'Status' && body.apiVersion === 'v1'
}

function selectors(options: ListOptions): RequestOptions {
  const { signal: _, onWarning: __, namespace: ___, ...rest } = options
  return rest
}

function writeOptions({ dryRun, fieldManager, fieldValidation }: WriteOptions): RequestOptions {
  if (!dryRun && fieldManager === undefined && fieldValidation === undefined) return noOptions
  return {
    ...(dryRun && { dryRun: ['All'] }),
    ...(fieldManager !== undefined && { fieldManager }),
    ...(fieldValidation !== undefined && { fieldValidation }),
  }
}

function deleteOptions(options: DeleteOptions): RequestOptions {
  const { dryRun, propagationPolicy, gracePeriodSeconds, preconditions } = options
  return {
    ...(dryRun && { dryRun: ['All'] }),
    ...(propagationPolicy !== undefined && { propagationPolicy }),
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...(preconditions !== undefined && { preconditions }),
  }
}
