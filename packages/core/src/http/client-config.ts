import type { UserInfo } from '../request.ts'
import type { Credentials } from './credentials.ts'

/** How one server is reached, and as whom: `rest.Config` of client-go. */
export interface ClientConfig {
  /** The URL in front of all paths, such as `https://127.0.0.1:6443/tenants/blue`. */
  readonly server: string
  readonly tls?: ServerTrust
  /** An HTTP proxy for all requests, in place of that of the environment. */
  readonly proxyUrl?: string
  readonly disableCompression?: boolean
  readonly credentials?: Credentials
  readonly impersonate?: UserInfo
}

/** By what a server is known. */
export interface ServerTrust {
  /** PEM. Default: the certificate authorities of Node. */
  readonly certificateAuthority?: string | Buffer
  readonly insecureSkipVerify?: boolean
  /** The name that the certificate has to have, in place of the URL's. */
  readonly serverName?: string
}
