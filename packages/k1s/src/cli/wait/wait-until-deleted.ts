import { isNotFound, StatusError } from '@k1s/apimachinery'
import type { Factory, Info } from '@k1s/cli-runtime'
import { exitOnSignals } from '../exit-on-signals.ts'
import { WaitTimeoutError } from './wait-timeout-error.ts'

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
  const { mapping, name } = info
  const scope = mapping.namespaced ? { namespace: info.namespace } : {}
  let resourceVersion: string
  try {
    const object = await client.get(mapping, { name, ...scope })
    if (uid !== undefined && object.metadata.uid !== uid) return
    resourceVersion = object.metadata.resourceVersion!
  } catch (error) {
    if (isNotFound(error)) return
    throw error
  }
  if (once) throw new Error(`condition not met for ${info.objectName()}`)
  const timeout = deadline - Date.now()
  if (timeout <= 0) throw new WaitTimeoutError(info)

  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), Math.min(timeout, 2 ** 31 - 1))
  try {
    const events = client.watch(mapping, {
      ...scope,
      fieldSelector: `metadata.name=${name}`,
      resourceVersion,
      signal: abort.signal,
    })
    for await (const event of events) {
      if (event.type === 'ERROR') throw new StatusError(event.object)
      if (event.type === 'DELETED') return
    }
  } finally {
    clearTimeout(timer)
  }
  throw new WaitTimeoutError(info)
}
