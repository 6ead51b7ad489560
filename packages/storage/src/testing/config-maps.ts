import assert from 'node:assert/strict'
import { isStatusError, type KubernetesObject, type StatusError, type WatchEvent } from '@k1s/apimachinery'
import type { StorageInterface, StorageKey, StorageWatchOptions } from '../interface.ts'
import { storageKey, storagePrefix } from '../storage-key.ts'

// What the suites of stores store, and how they look at it.

export interface ConfigMap extends KubernetesObject {
  data: { [key: string]: string }
}

export const tenant = 'demo'
export const resource = 'configmaps'
export const all = storagePrefix({ tenant, resource })
export const inDefault = storagePrefix({ tenant, resource, namespace: 'default' })
export const key = (name: string, namespace = 'default'): StorageKey =>
  storageKey({ tenant, resource, namespace, name })
export const configMap = (name: string, value = '1', labels?: { [key: string]: string }): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', uid: `uid-${name}`, ...(labels && { labels }) },
  data: { value },
})

export function withVersion<T extends KubernetesObject>(object: T, resourceVersion: string): T {
  return { ...object, metadata: { ...object.metadata, resourceVersion } }
}

export async function createAll(store: StorageInterface, names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => store.create(key(name), configMap(name))))
}

export function update(store: StorageInterface, name: string, value: string): Promise<ConfigMap> {
  return store.guaranteedUpdate<ConfigMap>(key(name), (current) => ({
    object: { ...current!, data: { value } },
  }))
}

export function replace(store: StorageInterface, object: ConfigMap): Promise<ConfigMap> {
  return store.guaranteedUpdate<ConfigMap>(key(object.metadata.name!), () => ({ object }))
}

export function names(list: { items: KubernetesObject[] }): (string | undefined)[] {
  return list.items.map(({ metadata }) => metadata.name)
}

export function nameOf(event: WatchEvent): string | undefined {
  return event.type === 'ERROR' ? undefined : event.object.metadata.name
}

export function describeEvent(event: WatchEvent): string {
  if (event.type === 'ERROR') return `ERROR ${event.object.message}`
  return `${event.type} ${event.object.metadata.name} ${event.object.metadata.resourceVersion}`
}

export async function take(
  store: StorageInterface,
  count: number,
  options: StorageWatchOptions,
  prefix: Parameters<StorageInterface['watch']>[0] = all,
): Promise<string[]> {
  const events: string[] = []
  for await (const event of store.watch(prefix, options)) {
    if (events.push(describeEvent(event)) === count) break
  }
  return events
}

export async function rejects(
  promise: Promise<unknown>,
  is: (error: unknown) => boolean,
  message?: string | RegExp,
): Promise<StatusError> {
  const error = await promise.then(
    () => assert.fail('should have been rejected'),
    (error: unknown) => error,
  )
  assert.ok(isStatusError(error) && is(error), `unexpected error: ${String(error)}`)
  if (typeof message === 'string') assert.equal(error.message, message)
  else if (message !== undefined) assert.match(error.message, message)
  return error
}
