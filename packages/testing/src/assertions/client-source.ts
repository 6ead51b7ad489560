import type { Client } from '@k1s/core'
import { describeValue } from './describe-object.ts'

/** Where to look for what is stored: a client, or what has one, such as a test environment, a manager or a runtime. */
export type ClientSource = Client | { readonly client: Client }

/** Throws a TypeError for anything else. */
export function clientOf(source: ClientSource): Client {
  const { client = source } = (source ?? {}) as { readonly client?: unknown }
  if (isClient(client)) return client
  throw new TypeError(
    `a test environment or a client is needed to look at what is stored, not ${describeValue(source)}`,
  )
}

function isClient(value: unknown): value is Client {
  const { get, list } = (value ?? {}) as Partial<Client>
  return typeof get === 'function' && typeof list === 'function'
}
