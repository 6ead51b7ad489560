import { newNotFound, type Unstructured, type WatchEvent } from '@k1s/apimachinery'
import type { ApiRequest, ApiResponse, DiscoveredResource, Table, Transport } from '@k1s/core'

export function discovered(
  fields: Partial<DiscoveredResource> & { name: string; kind: string },
): DiscoveredResource {
  return {
    group: '',
    singularName: fields.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
    versions: ['v1'],
    subresources: {},
    ...fields,
  }
}

export const coreResources: readonly DiscoveredResource[] = [
  discovered({ name: 'configmaps', kind: 'ConfigMap', shortNames: ['cm'] }),
  discovered({ name: 'namespaces', kind: 'Namespace', shortNames: ['ns'], namespaced: false }),
  discovered({ name: 'events', kind: 'Event', shortNames: ['ev'] }),
  discovered({ name: 'events', kind: 'Event', shortNames: ['ev'], group: 'events.k8s.io' }),
]

export const inventoryResources: readonly DiscoveredResource[] = [
  discovered({
    name: 'items',
    kind: 'Item',
    shortNames: ['it'],
    categories: ['all', 'inventory'],
    group: 'inventory.k1s.dev',
    versions: ['v1', 'v1beta1'],
  }),
  discovered({
    name: 'categories',
    kind: 'Category',
    singularName: 'category',
    categories: ['inventory'],
    group: 'inventory.k1s.dev',
    namespaced: false,
  }),
]

/** Serves objects from memory and remembers every request. Lists have pages of `limit` objects. */
export class FakeTransport implements Transport {
  readonly requests: ApiRequest[] = []
  resources: readonly DiscoveredResource[] = [...coreResources, ...inventoryResources]
  objects: Unstructured[]
  events: WatchEvent<Unstructured>[] = []
  warnings: string[] = []

  constructor(objects: Unstructured[] = []) {
    this.objects = objects
  }

  async request(request: ApiRequest): Promise<ApiResponse> {
    this.requests.push(request)
    const found = this.#select(request)
    if (request.verb === 'get') {
      const [object] = found
      if (object === undefined) throw newNotFound(request, request.name ?? '')
      return this.#answer(request.options.as === 'Table' ? tableOf([object]) : object)
    }
    const start = Number(request.options.continue ?? 0)
    const end = start + (request.options.limit ?? found.length)
    const page = found.slice(start, end)
    const metadata = { resourceVersion: '7', ...(end < found.length && { continue: String(end) }) }
    if (request.options.as === 'Table') return this.#answer({ ...tableOf(page), metadata })
    return this.#answer({ apiVersion: 'v1', kind: 'List', metadata, items: page })
  }

  async *watch(request: ApiRequest): AsyncIterable<WatchEvent<Unstructured>> {
    this.requests.push(request)
    yield* this.events
  }

  async discover(): Promise<readonly DiscoveredResource[]> {
    return this.resources
  }

  #answer(body: ApiResponse['body']): ApiResponse {
    return { code: 200, body, warnings: this.warnings }
  }

  #select({ group, version, resource, namespace, name, options }: ApiRequest): Unstructured[] {
    const kind = this.resources.find((r) => r.group === group && r.name === resource)?.kind
    const apiVersion = group === '' ? version : `${group}/${version}`
    const [key, value] = options.labelSelector?.split('=') ?? []
    return this.objects.filter(
      (object) =>
        object.kind === kind &&
        object.apiVersion === apiVersion &&
        (namespace === undefined || object.metadata.namespace === namespace) &&
        (name === undefined || object.metadata.name === name) &&
        (key === undefined || object.metadata.labels?.[key] === value),
    )
  }
}

export function tableOf(objects: readonly Unstructured[]): Table {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: '7' },
    columnDefinitions: [
      { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
      { name: 'Brand', type: 'string', format: '', description: '', priority: 1 },
      { name: 'Age', type: 'date', format: '', description: '', priority: 0 },
    ],
    rows: objects.map((object) => ({
      cells: [
        object.metadata.name,
        (object.spec as { brand?: string } | undefined)?.brand ?? null,
        object.metadata.creationTimestamp ?? '',
      ],
      object,
    })),
  }
}

export function configMap(
  name: string,
  namespace = 'default',
  labels?: { [key: string]: string },
): Unstructured {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, ...(labels && { labels }) } }
}

export function item(
  name: string,
  spec: { [field: string]: unknown } = {},
  namespace = 'default',
): Unstructured {
  return { apiVersion: 'inventory.k1s.dev/v1', kind: 'Item', metadata: { name, namespace }, spec }
}

export function namespace(name: string): Unstructured {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
}
