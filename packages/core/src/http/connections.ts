import { Agent } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import type { SecureContextOptions } from 'node:tls'
import type { ClientConfig } from './client-config.ts'
import type { Credential } from './credentials.ts'
import { proxyOf } from './proxy.ts'

/** Connections that nobody uses are closed before servers and what is between tend to do it. */
const idleMs = 30_000

/** What a connection over TLS is made with. */
export type TlsOptions = Pick<SecureContextOptions, 'ca' | 'cert' | 'key'> & {
  readonly rejectUnauthorized?: boolean
  readonly servername?: string
}

/** The connections to one server, direct or through a proxy, which stay open between requests. */
export class Connections {
  readonly #config: ClientConfig
  readonly #server: URL
  readonly #env: NodeJS.ProcessEnv
  readonly #closing = new AbortController()
  #current: { readonly credential: Credential; readonly agent: Agent } | undefined

  constructor(config: ClientConfig, server: URL, env: NodeJS.ProcessEnv) {
    this.#config = config
    this.#server = server
    this.#env = env
  }

  /** A new certificate needs new connections. */
  async agentOf(credential: Credential): Promise<Agent> {
    const known = this.#current
    if (known !== undefined && sameCertificate(known.credential, credential)) return known.agent
    const agent = await this.#newAgent(credential)
    if (this.#current !== known && this.#current !== undefined) {
      if (sameCertificate(this.#current.credential, credential)) return this.#current.agent
    }
    this.#current?.agent.destroy()
    this.#current = { credential, agent }
    return agent
  }

  tlsOptions({ certificate, key }: Credential): TlsOptions {
    const { tls = {} } = this.#config
    return {
      ...(tls.certificateAuthority !== undefined && { ca: tls.certificateAuthority }),
      ...(tls.insecureSkipVerify && { rejectUnauthorized: false }),
      ...(tls.serverName !== undefined && { servername: tls.serverName }),
      ...(certificate !== undefined && { cert: certificate }),
      ...(key !== undefined && { key }),
    }
  }

  close(): void {
    this.#current?.agent.destroy()
    this.#closing.abort()
  }

  async #newAgent(credential: Credential): Promise<Agent> {
    const options = { keepAlive: true, keepAliveMsecs: idleMs, timeout: idleMs }
    const tls = this.tlsOptions(credential)
    const proxy = proxyOf(this.#server, this.#config.proxyUrl, this.#env)
    if (proxy !== undefined) {
      const { HttpsProxyAgent } = await import('https-proxy-agent')
      // An agent does not know the connections for which the proxy has not answered yet: it cannot close them.
      return new HttpsProxyAgent(proxy, { ...options, ...tls, signal: this.#closing.signal })
    }
    return this.#server.protocol === 'https:' ? new TlsAgent({ ...options, ...tls }) : new Agent(options)
  }
}

function sameCertificate(a: Credential, b: Credential): boolean {
  return a.certificate === b.certificate && a.key === b.key
}
