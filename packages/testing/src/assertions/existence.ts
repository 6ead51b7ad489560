import { isNotFound, type KubernetesObject } from '@k1s/apimachinery'
import { ignoreNotFound } from '@k1s/controller-runtime'
import type { Client, Kind, ObjectKey } from '@k1s/core'
import { describeKey, describeObject, thereAre } from './describe-object.ts'

/** The object, or what is wrong: that it is not there, and which others are. */
export async function findObject<T extends KubernetesObject>(
  client: Client,
  kind: Kind<T>,
  key: ObjectKey,
): Promise<{ readonly object: T } | { readonly problem: string }> {
  try {
    return { object: await client.get(kind, key) }
  } catch (error) {
    if (!isNotFound(error)) throw error
    const { items } = await client.metadata.list(kind)
    const there = items.map(({ metadata: { namespace, name = '' } }) => describeKey({ namespace, name }))
    return { problem: `${kind.kind} ${describeKey(key)} is not there; ${thereAre(there)}` }
  }
}

/** What is wrong, or undefined if the object is not there: whether it is being deleted, and what holds it. */
export async function presenceProblem(
  client: Client,
  kind: Kind<KubernetesObject>,
  key: ObjectKey,
): Promise<string | undefined> {
  const object = await client.get(kind, key).catch(ignoreNotFound)
  if (object === undefined) return undefined
  const { deletionTimestamp, finalizers = [] } = object.metadata
  const there = `${describeObject(object)} is still there`
  if (deletionTimestamp == null) return `${there}, and is not being deleted`
  return `${there}: it is being deleted since ${deletionTimestamp}, and held by the finalizers ${finalizers.join(', ')}`
}
