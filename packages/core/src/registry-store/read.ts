import type { Clock, KubernetesList, Unstructured, WatchEvent } from '@k1s/apimachinery'
import type { StorageListOptions } from '@k1s/storage'
import type { WatchResponse } from '../chain/handler.ts'
import type { ApiResponse } from '../request.ts'
import type { PrinterColumn } from '../resource-definition.ts'
import { collectionPrefix, objectKey } from '../resource-path.ts'
import { convertToTable } from '../table/convert-table.ts'
import { asPartialObjectMetadata, asPartialObjectMetadataList } from '../table/partial-object-metadata.ts'
import type { IncludeObjectPolicy, Table } from '../table/table.ts'
import { convertedEvents } from './converted-events.ts'
import type { ResourceRequest, StoreContext } from './resource-request.ts'
import { type Predicate, selectionOf } from './selection.ts'
import { copyFromStorage, fromStorage } from './stored-object.ts'

export async function get({ storage }: StoreContext, resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { request, definition, version, warnings, clock } = resourceRequest
  const { resourceVersion, as, includeObject } = request.options
  const key = objectKey(request.tenant, definition, request.namespace, request.name!)
  const stored = await storage.get(key, resourceVersion === undefined ? undefined : { resourceVersion })
  const converted = fromStorage(resourceRequest, stored)
  const object = converted instanceof Promise ? await converted : converted
  if (request.subresource === 'scale') {
    const { scaleOf } = await import('./scale-of.ts')
    const scale = scaleOf(object, version.scaleSubresource!)
    if (as === 'PartialObjectMetadata') return { code: 200, body: asPartialObjectMetadata(scale), warnings }
    if (as !== 'Table') return { code: 200, body: scale, warnings }
    const { scaleColumns } = await import('../table/scale-columns.ts')
    return { code: 200, body: tableOf(scaleColumns, scale, includeObject, clock), warnings }
  }
  if (as === undefined) return { code: 200, body: object, warnings }
  const body =
    as === 'Table'
      ? tableOf(version.printerColumns, object, includeObject, clock)
      : asPartialObjectMetadata(object)
  return { code: 200, body, warnings }
}

function tableOf(
  columns: readonly PrinterColumn[],
  object: Unstructured,
  includeObject: IncludeObjectPolicy | undefined,
  clock: Clock,
): Table {
  const { resourceVersion } = object.metadata
  return convertToTable(columns, [object], { resourceVersion: resourceVersion! }, includeObject, clock.now())
}

export async function list(context: StoreContext, resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { request, definition, version, apiVersion, warnings, clock } = resourceRequest
  const { predicate } = selectionOf(resourceRequest)
  const { items, ...metadata } = await context.storage.getList<Unstructured>(
    collectionPrefix(request.tenant, definition, request.namespace),
    listOptions(resourceRequest, predicate),
  )
  for (let index = 0; index < items.length; index++) {
    const converted = fromStorage(resourceRequest, items[index]!)
    items[index] = converted instanceof Promise ? await converted : converted
  }
  const { as, includeObject } = request.options
  if (as === 'Table') {
    return {
      code: 200,
      body: convertToTable(version.printerColumns, items, metadata, includeObject, clock.now()),
      warnings,
    }
  }
  const body: KubernetesList = { kind: definition.listKind, apiVersion, metadata, items }
  return { code: 200, body: as === undefined ? body : asPartialObjectMetadataList(body), warnings }
}

function listOptions(resourceRequest: ResourceRequest, predicate: Predicate | undefined): StorageListOptions {
  const { resourceVersion, resourceVersionMatch, limit, continue: token } = resourceRequest.request.options
  return {
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(resourceVersionMatch !== undefined && { resourceVersionMatch }),
    ...(limit !== undefined && { limit }),
    ...(token !== undefined && token !== '' && { continue: token }),
    ...(predicate !== undefined && { predicate }),
  }
}

export async function watch(context: StoreContext, resourceRequest: ResourceRequest): Promise<WatchResponse> {
  const { request, definition, warnings } = resourceRequest
  const { resourceVersion, allowWatchBookmarks, sendInitialEvents, timeoutSeconds } = request.options
  const { predicate } = selectionOf(resourceRequest)
  // Before the watch is open, since what fails later can only be told by an event.
  if (resourceVersion !== undefined) context.storage.versioner.parseResourceVersion(resourceVersion)
  const signals = [
    ...(request.signal === undefined ? [] : [request.signal]),
    ...(timeoutSeconds ? [timeoutSignal(timeoutSeconds)] : []),
  ]
  const prefix =
    request.name === undefined
      ? collectionPrefix(request.tenant, definition, request.namespace)
      : objectKey(request.tenant, definition, request.namespace, request.name)
  const events = context.storage.watch<Unstructured>(prefix, {
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(allowWatchBookmarks !== undefined && { allowWatchBookmarks }),
    ...(sendInitialEvents !== undefined && { sendInitialEvents }),
    ...(predicate !== undefined && { predicate }),
    ...(request.sharesObjects && { shared: true }),
    ...(signals.length > 0 && { signal: signals.length === 1 ? signals[0]! : AbortSignal.any(signals) }),
  })
  const represent = await eventRepresentationOf(resourceRequest)
  const convert = (event: WatchEvent<Unstructured>) => convertEvent(resourceRequest, event, represent)
  return { code: 200, events: convertedEvents(events, convert), warnings }
}

/** The longest time that a timer takes, in milliseconds: 24 days. */
const maxTimeout = 2 ** 31 - 1

function timeoutSignal(seconds: number): AbortSignal {
  return seconds < 0 ? AbortSignal.abort() : AbortSignal.timeout(Math.min(seconds * 1000, maxTimeout))
}

type Represent = (event: WatchEvent<Unstructured>) => WatchEvent<Unstructured>

async function eventRepresentationOf(resourceRequest: ResourceRequest): Promise<Represent> {
  if (resourceRequest.request.options.as === undefined) return asIs
  const { eventRepresentation } = await import('./event-representation.ts')
  return eventRepresentation(resourceRequest)
}

function asIs(event: WatchEvent<Unstructured>): WatchEvent<Unstructured> {
  return event
}

function convertEvent(
  resourceRequest: ResourceRequest,
  event: WatchEvent<Unstructured>,
  represent: Represent,
): WatchEvent<Unstructured> | Promise<WatchEvent<Unstructured>> {
  const { definition, apiVersion, request } = resourceRequest
  if (event.type === 'ERROR') return event
  if (event.type === 'BOOKMARK') {
    return represent({ ...event, object: { ...event.object, kind: definition.kind, apiVersion } })
  }
  const convert = request.sharesObjects ? copyFromStorage : fromStorage
  const converted = convert(resourceRequest, event.object)
  return converted instanceof Promise
    ? converted.then((object) => represent({ ...event, object }))
    : represent(converted === event.object ? event : { ...event, object: converted })
}
