import type { ServerResponse } from 'node:http'
import type { Status, Unstructured, WatchEvent } from '@k1s/apimachinery'
import type { ApiRequest } from '@k1s/core'
import { configMap, watchAll } from './scripted-server.ts'

export type Event = WatchEvent<Unstructured>

export const from7: ApiRequest = { ...watchAll, options: { resourceVersion: '7' } }
const path = '/api/v1/namespaces/default/configmaps'

export const added = (name: string, resourceVersion: number, fields = {}) => ({
  type: 'ADDED',
  object: configMap(name, resourceVersion, fields),
})
export const bookmark = (resourceVersion: number, annotations?: object) => ({
  type: 'BOOKMARK',
  object: {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { resourceVersion: String(resourceVersion), ...(annotations && { annotations }) },
  },
})
export const failed = (code: number, fields = {}) => ({
  type: 'ERROR',
  object: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, ...fields },
})

export function start(response: ServerResponse): ServerResponse {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.flushHeaders()
  return response
}

export function send(response: ServerResponse, ...events: object[]): ServerResponse {
  if (!response.headersSent) start(response)
  for (const event of events) response.write(`${JSON.stringify(event)}\n`)
  return response
}

/** `ADDED a 8`, until there are as many or the watch has ended. */
export async function tell(events: AsyncIterable<Event>, count: number): Promise<string[]> {
  const told: string[] = []
  for await (const { type, object } of events) {
    told.push(
      type === 'ERROR'
        ? `ERROR ${(object as Status).code}`
        : `${type} ${object.metadata.name} ${object.metadata.resourceVersion}`,
    )
    if (told.length === count) break
  }
  return told
}

/** The query of a request, apart from what all watches have. */
export function queriesOf(seen: readonly string[]): string[] {
  return seen.map((line) =>
    line.replace(`GET ${path}`, '').replace('watch=true&', '').replace('&allowWatchBookmarks=true', ''),
  )
}

export function listOf(resourceVersion: number) {
  return { kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: String(resourceVersion) } }
}
