import type { Client, Transport } from '@k1s/core'

/**
 * The API from which objects are exported or into which they are imported: a Runtime of `@k1s/core`, or a Connection to
 * a server.
 */
export interface BulkApi {
  readonly client: Client
  readonly transport: Transport
  /** Whose objects they are. Default: `default`. It has to be the tenant of the client. */
  readonly tenant?: string
}
