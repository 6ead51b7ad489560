import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import { createRuntime, customResourceDefinitionOf, type Runtime } from '@k1s/core'
import {
  type BulkApi,
  type ExportOptions,
  exportObjects,
  type ImportOptions,
  type ImportResult,
  importObjects,
  type Manifest,
  readManifests,
} from '../src/bulk/index.ts'
import { memoryStreams } from '../src/streams/memory-streams.ts'

export const ConfigMap = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
}
export const Widget = {
  group: 'test.k1s.dev',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: true,
}
export const Rack = { group: 'test.k1s.dev', version: 'v1', kind: 'Rack', plural: 'racks', namespaced: false }

/** A store in memory, to be closed with `await using`. */
export function emptyStore(): Promise<Runtime> {
  return createRuntime({ storage: { type: 'memory' } })
}

/** The definition of a kind, with the defaults that a store fills in. */
export function definitionOf(kind: typeof Widget): Unstructured {
  const names = { singular: kind.kind.toLowerCase(), listKind: `${kind.kind}List` }
  const { spec, ...definition } = customResourceDefinitionOf({
    ...kind,
    ...names,
    subresources: { status: true },
  })
  return { ...definition, spec: { ...spec, conversion: { strategy: 'None' } } }
}

export function configMap(name: string, fields: Partial<Unstructured> = {}): Unstructured {
  const { metadata, ...rest } = fields
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    ...rest,
    metadata: { name, namespace: 'default', ...(metadata as object) },
  }
}

export function namespace(name: string): Unstructured {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
}

export function manifestsOf(objects: readonly KubernetesObject[]): Manifest[] {
  return objects.map((object, index) => ({
    object: object as Unstructured,
    source: `test.yaml:${index + 1}`,
  }))
}

export async function exported(store: Runtime, options: ExportOptions = {}): Promise<Unstructured[]> {
  const objects: Unstructured[] = []
  for await (const { object } of exportObjects(store, options)) objects.push(object)
  return objects
}

export interface RecordedImport extends ImportResult {
  /** `ConfigMap/a created` */
  readonly outcomes: string[]
  readonly warnings: string[]
}

export async function imported(
  store: Runtime,
  objects: readonly KubernetesObject[],
  options: ImportOptions = {},
): Promise<RecordedImport> {
  const outcomes: string[] = []
  const warnings: string[] = []
  const result = await importObjects(store, manifestsOf(objects), {
    onOutcome: ({ kind, name, outcome }) => outcomes.push(`${kind}/${name} ${outcome}`),
    onWarning: (text) => warnings.push(text),
    ...options,
  })
  return { ...result, outcomes, warnings }
}

export function importedText(store: Runtime, text: string, options: ImportOptions): Promise<ImportResult> {
  return importObjects(store, readManifests(['-'], { stdin: memoryStreams(text).in }), options)
}

/** `ConfigMap/a`, in order. */
export function names(objects: readonly KubernetesObject[]): string[] {
  return objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`)
}

/** The store with a client that tells of each call before it is made: `create`, `status.update`. */
export function watched(store: Runtime, onCall: (call: string) => void): BulkApi {
  return { transport: store.transport, client: watchedCalls(store.client, '', onCall) }
}

function watchedCalls<T extends object>(target: T, path: string, onCall: (call: string) => void): T {
  return new Proxy(target, {
    get(_, key) {
      const value: unknown = Reflect.get(target, key, target)
      const name = `${path}${String(key)}`
      if (typeof value === 'object' && value !== null) return watchedCalls(value, `${name}.`, onCall)
      if (typeof value !== 'function') return value
      return async (...args: unknown[]) => {
        onCall(name)
        return value.apply(target, args)
      }
    },
  })
}
