/** The kubeconfig file: `k8s.io/client-go/tools/clientcmd/api/v1`, with lists by name as maps. */
export interface Kubeconfig {
  readonly currentContext: string
  readonly clusters: ReadonlyMap<string, KubeconfigCluster>
  readonly users: ReadonlyMap<string, KubeconfigUser>
  readonly contexts: ReadonlyMap<string, KubeconfigContext>
}

/** Empty and absent mean the same. Paths are absolute, data is decoded. */
export interface KubeconfigCluster {
  readonly server?: string
  readonly tlsServerName?: string
  readonly insecureSkipTLSVerify?: boolean
  readonly certificateAuthority?: string
  readonly certificateAuthorityData?: Buffer
  readonly proxyUrl?: string
  readonly disableCompression?: boolean
  /** The extension `client.authentication.k8s.io/exec`: what credential plugins are told of the cluster. */
  readonly execConfig?: unknown
}

export interface KubeconfigUser {
  readonly clientCertificate?: string
  readonly clientCertificateData?: Buffer
  readonly clientKey?: string
  readonly clientKeyData?: Buffer
  readonly token?: string
  readonly tokenFile?: string
  readonly as?: string
  readonly asUid?: string
  readonly asGroups?: readonly string[]
  readonly asUserExtra?: { readonly [key: string]: readonly string[] }
  readonly username?: string
  readonly password?: string
  /** The name of an auth provider, which no client has any more. */
  readonly authProvider?: string
  readonly exec?: ExecConfig
}

/** A program that gives credentials: `client.authentication.k8s.io`. */
export interface ExecConfig {
  readonly command: string
  readonly args: readonly string[]
  readonly env: readonly { readonly name: string; readonly value: string }[]
  readonly apiVersion: string
  readonly installHint: string
  readonly provideClusterInfo: boolean
  readonly interactiveMode: string
}

export interface KubeconfigContext {
  readonly cluster?: string
  readonly user?: string
  readonly namespace?: string
}
