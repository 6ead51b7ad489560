import { isNotFound } from '@k1s/apimachinery'
import type { Factory, Info } from '@k1s/cli-runtime'
import type { Client } from '@k1s/core'
import { exitOnSignals } from '../exit-on-signals.ts'
import { WaitTimeoutError } from './wait-timeout-error.ts'
import { watchUntil } from './watch-until.ts'

export interface WaitUntilDeletedOptions {
  /** Milliseconds since the epoch. */
  readonly deadline: number
  /** Waits for this object only: one of the same name that was created since counts as gone. */
  readonly uid?: string | undefined
  /** Look and do not wait. */
  readonly once?: boolean
}

/** Returns when the object is gone. Follows IsDeleted of `k8s.io/kubectl/pkg/cmd/wait`. */
export async function waitUntilDeleted(
  info: Info,
  factory: Factory,
  { deadline, uid, once = false }: WaitUntilDeletedOptions,
): Promise<void> {
  exitOnSignals()
  const client = await factory.client()
  for (;;) {
    const resourceVersion = await versionOf(client, info, uid)
    if (resourceVersion === undefined) return
    if (once) throw new Error(`condition not met for ${info.objectName()}`)
    if (deadline <= Date.now()) throw new WaitTimeoutError(info)
    const gone = await watchUntil(
      client,
      info,
      { deadline, resourceVersion },
      ({ type }) => type === 'DELETED',
    )
    if (gone !== undefined) return
  }
}

/** Undefined if the object is gone. */
async function versionOf(
  client: Client,
  { mapping, name, namespace }: Info,
  uid: string | undefined,
): Promise<string | undefined> {
  try {
    const { metadata } = await client.get(mapping, { name, ...(mapping.namespaced && { namespace }) })
    return uid !== undefined && metadata.uid !== uid ? undefined : metadata.resourceVersion
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
