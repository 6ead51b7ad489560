import type { Client } from '../client.ts'
import type { Transport, UserInfo } from '../request.ts'

/** How a Kubernetes API server is found, and as whom: the flags of kubectl that override a kubeconfig. */
export interface ConnectOptions {
  /**
   * Path of a kubeconfig, or several separated as in `$PATH`; empty for none. Default: `$KUBECONFIG`, else
   * `~/.kube/config`.
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
  /** Credentials, over those of the same kind that the kubeconfig's user has. Certificate and key are paths of PEM files. */
  token?: string
  username?: string
  password?: string
  clientCertificate?: string
  clientKey?: string
  /** Path of a file with certificates, in place of the cluster's. */
  certificateAuthority?: string
  insecureSkipTLSVerify?: boolean
  tlsServerName?: string
  /** Sent as `Impersonate-…` headers. */
  impersonate?: UserInfo
  /** The program: what comes before the first slash is the field manager of writes that name none. */
  userAgent?: string
  /** How long a request may take, watches excepted, in milliseconds. Default: no limit. */
  requestTimeoutMs?: number
  /** Whether watches go on after the server has ended them or the connection was lost. Default: true. */
  resumeWatches?: boolean
  /** What the client and whoever else asks `transport` go through: `WrapTransport` of client-go's `rest.Config`. */
  wrapTransport?: (transport: Transport) => Transport
  /** In place of `process.env`. */
  env?: { readonly [name: string]: string | undefined }
}

/** The API of a server somewhere. */
export interface Connection extends AsyncDisposable {
  readonly client: Client
  readonly transport: Transport
  /** That of the context, or `default`. */
  readonly namespace: string
  /** Ends watches and requests that are under way. */
  close(): Promise<void>
}

/**
 * Connects to a Kubernetes API server: any, or one of `k1s serve`. Nothing is sent yet. In a Pod, and with no kubeconfig,
 * it is that of the cluster. A ConfigurationError says what is missing, and of which file.
 *
 * ```ts
 * await using connection = await connect({ context: 'kind-dev' })
 * const pods = await connection.client.list({ group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true })
 * ```
 */
export async function connect(options: ConnectOptions = {}): Promise<Connection> {
  const [{ defaultUserAgent, HttpTransport, resolveClientConfig }, { TransportClient }] = await Promise.all([
    import('./index.ts'),
    import('../client/transport-client.ts'),
  ])
  const { env = process.env, requestTimeoutMs, resumeWatches, userAgent = defaultUserAgent() } = options
  const { config, namespace } = await resolveClientConfig(options)
  const answering = new HttpTransport(config, { userAgent, requestTimeoutMs, resumeWatches, env })
  const transport = options.wrapTransport?.(answering) ?? answering
  // The URL names the tenant, credentials the user.
  const client = new TransportClient({
    transport,
    tenant: 'default',
    user: { name: '' },
    userAgent,
    namespace,
  })
  const close = async () => answering.close()
  return { client, transport, namespace, close, [Symbol.asyncDispose]: close }
}
