import type { Client } from '../client.ts'
import type { Transport, UserInfo } from '../request.ts'

/** How a Kubernetes API server is found, and as whom: the flags of kubectl that override a kubeconfig. */
export interface ConnectOptions {
  /**
   * Path of a kubeconfig, or several separated as in `$PATH`. Default: `$KUBECONFIG`, else `~/.kube/config`.
   */
  kubeconfig?: string
  /** The context of the kubeconfig. Default: its current-context. */
  context?: string
  /** In place of what the context names. */
  cluster?: string
  user?: string
  namespace?: string
  /** URL of the server, in place of the cluster's. With it no kubeconfig is needed. */
  server?: string
  token?: string
  /** Path of a file with certificates, in place of the cluster's. */
  certificateAuthority?: string
  insecureSkipTLSVerify?: boolean
  tlsServerName?: string
  /** Sent as `Impersonate-…` headers. */
  impersonate?: UserInfo
  userAgent?: string
  /** How long a request may take, watches excepted, in milliseconds. Default: no limit. */
  requestTimeoutMs?: number
  env?: { readonly [name: string]: string | undefined }
}

/** The API of a server somewhere. */
export interface Connection extends AsyncDisposable {
  readonly client: Client
  readonly transport: Transport
  /** That of the context, or `default`. */
  readonly namespace: string
  close(): Promise<void>
}

/**
 * Connects to a Kubernetes API server: any, or one of `k1s serve`. Nothing is sent yet. Throws an Error that names file
 * and field if there is no such context or the kubeconfig is none.
 *
 * ```ts
 * await using connection = await connect({ context: 'kind-dev' })
 * const pods = await connection.client.list({ group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true })
 * ```
 */
export type Connect = (options?: ConnectOptions) => Promise<Connection>
