import { readFileSync } from 'node:fs'
import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { decodeYaml } from '@k1s/apimachinery/yaml'

export interface HttpAnswer {
  readonly code: number
  readonly body: { readonly [field: string]: unknown }
}

/** Plain HTTP requests with what a context of a kubeconfig says, each on a connection of its own. */
export class HttpRequests {
  readonly server: string
  readonly authority: string | undefined
  readonly token: string
  readonly #tlsServerName: string | undefined

  constructor(kubeconfig: string, context = 'k1s') {
    const config = decodeYaml(readFileSync(kubeconfig, 'utf8'))[0]!.value as Kubeconfig
    const { cluster } = config.clusters.find(({ name }) => name === context)!
    const authority = cluster['certificate-authority-data']
    this.server = cluster.server
    this.authority = authority === undefined ? undefined : Buffer.from(authority, 'base64').toString()
    this.token = config.users[0]!.user.token
    this.#tlsServerName = cluster['tls-server-name']
  }

  async send(method: string, path: string, body?: unknown, token = this.token): Promise<HttpAnswer> {
    const request = this.start(method, path, token)
    request.end(body === undefined ? undefined : JSON.stringify(body))
    const response = await responseTo(request)
    return { code: response.statusCode!, body: JSON.parse(await textOf(response)) }
  }

  /** A request of which the body, and its end, have yet to be sent. */
  start(method: string, path: string, token = this.token): ClientRequest {
    const { request } = this.server.startsWith('https:') ? https : http
    return request(`${this.server}${path}`, {
      method,
      agent: false,
      ...(this.authority !== undefined && { ca: this.authority }),
      ...(this.#tlsServerName !== undefined && { servername: this.#tlsServerName }),
      headers: {
        ...(token !== '' && { authorization: `Bearer ${token}` }),
        ...(method !== 'GET' && { 'content-type': 'application/json' }),
      },
    })
  }
}

interface Kubeconfig {
  readonly clusters: {
    name: string
    cluster: { server: string; 'certificate-authority-data'?: string; 'tls-server-name'?: string }
  }[]
  readonly users: { user: { token: string } }[]
}

export function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve).once('error', reject)
  })
}

/** Fails if the answer was cut off before its end. */
export async function textOf(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of response.setEncoding('utf8')) text += part
  return text
}
