import type { Client } from '@k1s/core'
import type { Reader } from '../cache/cache.ts'

/**
 * A client that reads objects from a cache and does all else on the API: `client.New` with `CacheOptions.Reader`. Reads that name
 * a resourceVersion go to the API.
 */
export function cachingClient(client: Client, cache: Reader): Client & Reader {
  const reads: Pick<Client & Reader, 'get' | 'list'> = {
    get: (kind, key, options = {}) =>
      'resourceVersion' in options ? client.get(kind, key, options) : cache.get(kind, key, options),
    list: (kind, options) => cache.list(kind, options),
  }
  return new Proxy(client, {
    get(target, property) {
      if (property === 'get' || property === 'list') return reads[property]
      const value: unknown = Reflect.get(target, property)
      return typeof value === 'function' ? value.bind(target) : value
    },
  }) as Client & Reader
}
