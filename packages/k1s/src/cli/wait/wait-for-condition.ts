import { type KubernetesObject, newNotFound, StatusError } from '@k1s/apimachinery'
import type { Factory, Info } from '@k1s/cli-runtime'
import { asObject } from '../objects.ts'
import { WaitTimeoutError } from './wait-timeout-error.ts'

export interface WaitForConditionOptions {
  readonly condition: (object: KubernetesObject) => boolean
  /** Milliseconds since the epoch. */
  readonly deadline: number
  /** Look and do not wait. */
  readonly once: boolean
}

/**
 * Returns when the condition holds for the object, which is then in `info`. NotFound if the object goes away. Follows
 * getObjAndCheckCondition of `k8s.io/kubectl/pkg/cmd/wait`.
 */
export async function waitForCondition(
  info: Info,
  factory: Factory,
  { condition, deadline, once }: WaitForConditionOptions,
): Promise<void> {
  await info.get()
  const object = asObject(info)
  if (condition(object)) return
  if (once) throw new Error(`condition not met for ${info.objectName()}`)
  const timeout = deadline - Date.now()
  if (timeout <= 0) throw new WaitTimeoutError(info)

  const { mapping, name, namespace } = info
  const client = await factory.client()
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), Math.min(timeout, 2 ** 31 - 1))
  try {
    const events = client.watch(mapping, {
      ...(mapping.namespaced && { namespace }),
      fieldSelector: `metadata.name=${name}`,
      resourceVersion: '0',
      signal: abort.signal,
    })
    for await (const event of events) {
      if (event.type === 'ERROR') throw new StatusError(event.object)
      if (event.type === 'BOOKMARK') continue
      if (event.type === 'DELETED')
        throw newNotFound({ group: mapping.group, resource: mapping.plural }, name)
      if (condition(event.object)) {
        info.refresh(event.object)
        return
      }
    }
  } finally {
    clearTimeout(timer)
  }
  throw new WaitTimeoutError(info)
}
