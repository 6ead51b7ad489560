import { type KubernetesObject, newNotFound } from '@k1s/apimachinery'
import type { Factory, Info } from '@k1s/cli-runtime'
import { asObject } from '../objects.ts'
import { WaitTimeoutError } from './wait-timeout-error.ts'
import { watchUntil } from './watch-until.ts'

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
  const { mapping, name } = info
  const client = await factory.client()
  for (;;) {
    await info.get()
    const object = asObject(info)
    if (condition(object)) return
    if (once) throw new Error(`condition not met for ${info.objectName()}`)
    if (deadline <= Date.now()) throw new WaitTimeoutError(info)
    const found = await watchUntil(client, info, { deadline, resourceVersion: '0' }, ({ type, object }) => {
      if (type === 'DELETED') throw newNotFound({ group: mapping.group, resource: mapping.plural }, name)
      return condition(object)
    })
    if (found === undefined) continue
    info.refresh(found)
    return
  }
}
