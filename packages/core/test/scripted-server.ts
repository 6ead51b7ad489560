import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ClientConfig, HttpTransport, type HttpTransportOptions } from '@k1s/core/http'
import { afterEach } from 'vitest'

export type Script = (request: IncomingMessage, response: ServerResponse, body: string) => void

export interface ScriptedServer {
  readonly url: string
  readonly server: Server
  /** Methods and paths in the order in which they came: `GET /api/v1/pods?watch=true`. */
  readonly seen: string[]
  readonly transport: HttpTransport
}

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A server that answers as told, over a real socket, and a transport to it. Both are closed after the test. */
export async function scriptedServer(
  script: Script,
  options: HttpTransportOptions = {},
  config: Partial<ClientConfig> = {},
): Promise<ScriptedServer> {
  const seen: string[] = []
  const server = createServer(withBody(seen, script))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const transport = new HttpTransport(
    { server: url, ...config },
    { pauses: { afterLoss: 1 }, env: {}, ...options },
  )
  closing.push(async () => {
    transport.close()
    server.closeAllConnections()
    server.close()
  })
  return { url, server, seen, transport }
}

function withBody(seen: string[], script: Script): RequestListener {
  return async (request, response) => {
    seen.push(`${request.method} ${request.url}`)
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk)
    } catch {
      // A client that went away in the middle of its request has nothing to be answered.
      return
    }
    script(request, response, Buffer.concat(chunks).toString())
  }
}

export function answerJson(response: ServerResponse, body: unknown, code = 200): void {
  response.writeHead(code, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

const ofConfigMaps = {
  tenant: 'default',
  user: { name: '' },
  group: '',
  version: 'v1',
  resource: 'configmaps',
  namespace: 'default',
  options: {},
} as const

export const getA = { ...ofConfigMaps, verb: 'get', name: 'a' } as const
export const listAll = { ...ofConfigMaps, verb: 'list' } as const
export const watchAll = { ...ofConfigMaps, verb: 'watch' } as const
export const createA = {
  ...ofConfigMaps,
  verb: 'create',
  body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
} as const

export function configMap(name: string, resourceVersion: string | number, fields: object = {}) {
  const metadata = { name, uid: `uid-of-${name}`, resourceVersion: String(resourceVersion) }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, ...fields }
}
