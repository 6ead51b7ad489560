import { newBadRequest, type Unstructured, type WatchEvent } from '@k1s/apimachinery'
import type { Changes } from '../changes.ts'
import type { ResourceRegistry } from '../registry/resource-registry.ts'
import type { ApiRequest, ApiResponse, DescribeOptions, DiscoveredResource, Transport } from '../request.ts'
import type { WorkTracker } from '../work/work-tracker.ts'
import { forwardedEvents } from './forwarded-events.ts'
import type { Handler } from './handler.ts'

/** The chain itself as a Transport. */
export class InProcessTransport implements Transport {
  readonly #handler: Handler
  readonly #registry: ResourceRegistry
  readonly #work: WorkTracker

  constructor(handler: Handler, registry: ResourceRegistry, work: WorkTracker) {
    this.#handler = handler
    this.#registry = registry
    this.#work = work
  }

  async request(request: ApiRequest): Promise<ApiResponse> {
    this.#work.beginRequest(request)
    try {
      const response = await this.#handler(request)
      if ('body' in response) return response
    } finally {
      this.#work.endRequest(request)
    }
    throw newBadRequest('a watch is asked for with watch, not with request')
  }

  watch(
    request: ApiRequest,
    onWarning?: (text: string) => void,
    onOpen?: () => void,
  ): AsyncIterable<WatchEvent<Unstructured>> {
    return forwardedEvents(async () => {
      this.#work.checkOpen()
      const response = await this.#handler({ ...request, verb: 'watch' })
      if (!('events' in response)) throw newBadRequest('a watch was not answered with events')
      if (onWarning !== undefined) for (const warning of response.warnings ?? []) onWarning(warning)
      onOpen?.()
      return response.events
    })
  }

  async changes(request: ApiRequest, onWarning?: (text: string) => void): Promise<Changes> {
    this.#work.checkOpen()
    const response = await this.#handler({ ...request, verb: 'watch', collapsesEvents: true })
    if (!('changes' in response)) throw newBadRequest('changes were not answered with changes')
    if (onWarning !== undefined) for (const warning of response.warnings ?? []) onWarning(warning)
    return response.changes
  }

  discover(tenant: string): Promise<readonly DiscoveredResource[]> {
    return this.#registry.discover(tenant)
  }

  async describe(tenant: string, path: string, options?: DescribeOptions): Promise<object> {
    const { describeAPI } = await import('../discovery/describe-api.ts')
    return describeAPI(await this.#registry.list(tenant), path, options)
  }

  discoveryVersion(tenant: string): Promise<string> {
    return this.#registry.version(tenant)
  }
}
