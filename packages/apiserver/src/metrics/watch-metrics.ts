import type { Exposition, Labels } from '@k1s/core/metrics'

/** What a watch is about. */
export interface WatchLabels {
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly scope: 'cluster' | 'namespace' | 'resource'
}

/** One watch that is open. */
export interface WatchObservation {
  /** An event was sent. */
  sent(): void
  closed(): void
}

interface Events {
  readonly labels: Labels
  count: number
}

interface Open {
  readonly labels: Labels
  count: number
}

/** Resources whose events are counted apart; those of others are counted together. */
const maxResources = 1000

/** Watches that are open, and their events. */
export class WatchMetrics {
  readonly #open = new Map<string, Open>()
  readonly #events = new Map<string, Events>()

  /** To be called when the watch was found to be one of a resource that is served. */
  opened({ group, version, resource, scope }: WatchLabels): WatchObservation {
    const name = `${group}/${version}/${resource}`
    const events = this.#eventsOf(name, { group, version, resource })
    const open = this.#openOf(`${name} ${scope}`, {
      verb: 'WATCH',
      group,
      version,
      resource,
      subresource: '',
      scope,
      component: 'apiserver',
    })
    open.count++
    return {
      sent() {
        events.count++
      },
      closed: () => {
        if (--open.count === 0) this.#open.delete(`${name} ${scope}`)
      },
    }
  }

  write(exposition: Exposition): void {
    exposition.family(
      'apiserver_longrunning_requests',
      'gauge',
      'Watches that are open, by verb, group, version, resource, subresource, scope and component.',
    )
    for (const { labels, count } of this.#open.values()) exposition.sample(labels, count)
    exposition.family(
      'apiserver_watch_events_total',
      'counter',
      'Events sent to watching clients, by group, version and resource.',
    )
    for (const { labels, count } of this.#events.values()) exposition.sample(labels, count)
  }

  #eventsOf(name: string, labels: Labels): Events {
    const known = this.#events.get(name)
    if (known !== undefined) return known
    if (this.#events.size >= maxResources && name !== '//') {
      return this.#eventsOf('//', { group: '', version: '', resource: '' })
    }
    const events = { labels, count: 0 }
    this.#events.set(name, events)
    return events
  }

  #openOf(key: string, labels: Labels): Open {
    const known = this.#open.get(key)
    if (known !== undefined) return known
    const open = { labels, count: 0 }
    this.#open.set(key, open)
    return open
  }
}
