import type { Transport } from '@k1s/core'
import type { StorageInterface } from '@k1s/storage'
import type { Authenticator } from './authenticator.ts'
import type { Limits } from './limits.ts'

export interface APIServerOptions {
  /** What answers requests: `runtime.transport`. */
  transport: Transport
  /** The store behind it, for `/readyz` and `/metrics`. */
  storage?: StorageInterface
  /** The tenant of requests without the prefix `/tenants/NAME`. Default: `default`. */
  tenant?: string
  /** The address to listen on. Default: `127.0.0.1`. */
  host?: string
  /** 0 takes one that is free. Default: 6443. */
  port?: number
  /** Certificate and private key as PEM. Without, `insecureHttp` must be set, and `host` a loopback address. */
  tls?: { cert: string; key: string }
  insecureHttp?: boolean
  authenticate: Authenticator
  limits?: Partial<Limits>
  /** Takes what has no other place: errors that are answered with 500, and connections that could not be answered. */
  onError?: (error: unknown) => void
}

export interface APIServer extends AsyncDisposable {
  /** `https://127.0.0.1:6443`. */
  readonly url: string
  readonly port: number
  /** Shows this certificate to all who connect from now on. An Error if it cannot, or if plain HTTP is served. */
  setCertificate(tls: { cert: string; key: string }): void
  /**
   * Takes no new requests, ends watches, and waits for the requests under way, at most `timeoutMs` (default 10,000);
   * what is then left is cut off. Resolves to the number of requests that were cut off.
   */
  close(options?: { timeoutMs?: number }): Promise<number>
}
