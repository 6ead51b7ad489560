import type { Exposition, Labels } from '@k1s/core/metrics'
import { Histogram } from '@k1s/core/metrics'

/** What a request was about. */
export interface RequestLabels {
  readonly verb: 'GET' | 'LIST' | 'WATCH' | 'POST' | 'PUT' | 'PATCH' | 'APPLY' | 'DELETE' | 'other'
  readonly dryRun: '' | 'All' | 'invalid'
  readonly group: string
  readonly version: string
  readonly resource: string
  /** Of requests that are about no resource, the path of the endpoint, which must be one of a fixed number. */
  readonly subresource: string
  readonly scope: '' | 'cluster' | 'namespace' | 'resource'
}

/** Seconds. */
const durationBounds = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
]
/** Bytes. */
const sizeBounds = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]

interface Series {
  readonly labels: Labels
  readonly codes: Map<number, number>
  readonly durations: Histogram
  readonly sizes: Histogram | undefined
}

/** Combinations of labels that are kept apart, about ten for each resource that is in use. */
const defaultMaxSeries = 2000

/**
 * Requests by what they were about: `k8s.io/apiserver/pkg/endpoints/metrics`. What a client merely asks for takes no
 * memory: a resource has a series of its own once a request for it was answered in a way that shows that it exists, as
 * long as there are not too many.
 */
export class RequestMetrics {
  readonly #series = new Map<string, Series>()
  readonly #maxSeries: number

  constructor(maxSeries = defaultMaxSeries) {
    this.#maxSeries = maxSeries
  }

  /** `code` is the HTTP status of the answer, `bytes` its length if it was a read and is known. */
  observe(labels: RequestLabels, code: number, seconds: number, bytes?: number): void {
    const series = this.#seriesOf(labels, code)
    series.codes.set(code, (series.codes.get(code) ?? 0) + 1)
    series.durations.observe(seconds)
    if (bytes !== undefined) series.sizes?.observe(bytes)
  }

  write(exposition: Exposition): void {
    exposition.family(
      'apiserver_request_total',
      'counter',
      'Requests by verb, dry run, group, version, resource, subresource, scope, component and HTTP status.',
    )
    for (const { labels, codes } of this.#series.values()) {
      for (const [code, count] of codes) exposition.sample({ ...labels, code: String(code) }, count)
    }
    exposition.family(
      'apiserver_request_duration_seconds',
      'histogram',
      'Seconds until requests were answered, by verb, dry run, group, version, resource, subresource, scope and component.',
    )
    for (const { labels, durations } of this.#series.values()) durations.write(exposition, labels)
    exposition.family(
      'apiserver_response_sizes',
      'histogram',
      'Bytes of answers to reads, by verb, group, version, resource, subresource, scope and component.',
    )
    for (const { labels, sizes } of this.#series.values()) {
      const { dry_run: _, ...withoutDryRun } = labels
      sizes?.write(exposition, withoutDryRun)
    }
  }

  #seriesOf(labels: RequestLabels, code: number): Series {
    const { verb, dryRun, group, version, resource, subresource, scope } = labels
    const key = `${verb} ${scope} ${dryRun} ${group}/${version}/${resource}/${subresource}`
    const known = this.#series.get(key)
    if (known !== undefined) return known
    const isBounded = resource === ''
    if (isBounded || (showsExistence(code) && this.#series.size < this.#maxSeries)) {
      return this.#add(key, labels)
    }
    return this.#seriesOf({ ...labels, group: '', version: '', resource: '', subresource: '' }, code)
  }

  #add(key: string, { verb, dryRun, group, version, resource, subresource, scope }: RequestLabels): Series {
    const series = {
      labels: {
        verb,
        dry_run: dryRun,
        group,
        version,
        resource,
        subresource,
        scope,
        component: 'apiserver',
      },
      codes: new Map<number, number>(),
      durations: new Histogram(durationBounds),
      sizes: isSized(verb, dryRun) ? new Histogram(sizeBounds) : undefined,
    }
    this.#series.set(key, series)
    return series
  }
}

/** Whether a resource is there that was answered with this: success, a conflict with, or a violation of what is there. */
function showsExistence(code: number): boolean {
  return code < 400 || code === 409 || code === 422
}

/** A dry run is no read, and `apiserver_response_sizes` has no label for it. */
function isSized(verb: RequestLabels['verb'], dryRun: RequestLabels['dryRun']): boolean {
  return (verb === 'GET' || verb === 'LIST') && dryRun === ''
}
