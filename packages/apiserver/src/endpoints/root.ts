import type { DiscoveredResource, Transport } from '@k1s/core'
import type { HttpHandler } from '../exchange.ts'
import { writeBytes } from '../responses/write-bytes.ts'
import { requireReading } from './method.ts'

const apiPaths = ['/api', '/apis', '/apis/', '/openapi/v2', '/openapi/v3', '/openapi/v3/', '/version']

/**
 * Answers `/` and `/index.html` with all paths under which something is: `metav1.RootPaths`, as
 * `k8s.io/apiserver/pkg/server/routes/index.go`. `paths` are those beside the API's.
 */
export function rootEndpoint(transport: Transport, paths: readonly string[]): HttpHandler {
  return async (exchange) => {
    requireReading(exchange)
    const resources = await transport.discover(exchange.tenant, { signal: exchange.signal })
    const all = new Set([...apiPaths, ...paths, ...resources.flatMap(pathsOf)])
    await writeBytes(
      exchange,
      200,
      'application/json',
      JSON.stringify({ paths: [...all].sort() }, undefined, 2),
    )
  }
}

function pathsOf({ group, versions }: DiscoveredResource): string[] {
  if (group === '') return versions.map((version) => `/api/${version}`)
  return [`/apis/${group}`, ...versions.map((version) => `/apis/${group}/${version}`)]
}
