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
}
