import type { UserInfo } from '@k1s/core'

export interface ServeOptions {
  /** Serve HTTPS, with a certificate that `kubeconfig` has the authority of. Default: false, plain HTTP. */
  readonly tls?: boolean
  /** Who the requests with `token` are from: a user, or the name of one. Default: that of the environment's client. */
  readonly user?: UserInfo | string
  /** Write the kubeconfig to a file of its own as well, which is removed with the endpoint. Default: false. */
  readonly writeKubeconfig?: boolean
}

/** The API of an environment over HTTP. */
export interface ServedEnvironment extends AsyncDisposable {
  /** `http://127.0.0.1:38211`. */
  readonly url: string
  /** What the header `Authorization: Bearer …` has to have. */
  readonly token: string
  /** A kubeconfig, as YAML: for `loadFromString` of `@kubernetes/client-node`. */
  readonly kubeconfig: string
  /** Where it was written, for `--kubeconfig` and `$KUBECONFIG`. */
  readonly kubeconfigPath?: string
  close(): Promise<void>
}
