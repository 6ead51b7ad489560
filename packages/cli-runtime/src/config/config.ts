/**
 * Configuration of the command line: contexts in a file shaped after kubeconfig, and what applies to one command
 * after flags, environment and context are taken together.
 */

/** Where and as whom a command works. All parts are optional in the file. */
export interface Context {
  /** The storage backend, such as `lmdb`. */
  storage?: string
  /** The data directory. Relative paths are relative to the configuration file. */
  path?: string
  tenant?: string
  namespace?: string
  /** The user name that requests carry. */
  user?: string
  /**
   * A kubeconfig. Commands go to the API server that it names, so that storage, path, tenant and user have no place
   * beside it. Relative paths are relative to the configuration file.
   */
  kubeconfig?: string
  /** The context of the kubeconfig. Default: its current-context. */
  'kube-context'?: string
}

export interface NamedContext {
  name: string
  context: Context
}

/** The configuration file: `apiVersion: k1s.dev/v1`, `kind: Config`. */
export interface Config {
  apiVersion: 'k1s.dev/v1'
  kind: 'Config'
  'current-context'?: string
  contexts: NamedContext[]
}

/** The configuration of one command: flag over environment over context over default. */
export interface ResolvedConfig {
  /** The context's name; undefined without one. */
  readonly context?: string
  /** `lmdb` unless said otherwise. */
  readonly storage: string
  /** Absolute path of the data directory. */
  readonly path: string
  /** `default` unless said otherwise. */
  readonly tenant: string
  /** `default` unless said otherwise. */
  readonly namespace: string
  /** True if a flag named the namespace: objects in files may not name another. */
  readonly namespaceEnforced: boolean
  readonly user: string
  /** What `--as-group`, `--as-uid` and `--as-user-extra` add to the user. */
  readonly groups?: readonly string[]
  readonly uid?: string
  readonly extra?: { readonly [key: string]: readonly string[] }
  /** Set if commands go to an API server. Storage, path and tenant then mean nothing. */
  readonly server?: ServerConfig
}

/** How the API server is found, and as whom: what is given besides the kubeconfig wins over it. */
export interface ServerConfig {
  /** Path of a kubeconfig. Empty for none: `server` says it all. */
  readonly kubeconfig: string
  readonly context?: string
  readonly cluster?: string
  readonly user?: string
  /** Default: the namespace of the kubeconfig's context. */
  readonly namespace?: string
  /** URL. */
  readonly server?: string
  readonly token?: string
  readonly username?: string
  readonly password?: string
  /** Paths of files in PEM. */
  readonly clientCertificate?: string
  readonly clientKey?: string
  /** Path of a file of certificates. */
  readonly certificateAuthority?: string
  readonly insecureSkipTLSVerify?: boolean
  readonly tlsServerName?: string
  /** The user to impersonate. */
  readonly as?: string
  /** As it was typed: `30s`. */
  readonly requestTimeout?: string
}
