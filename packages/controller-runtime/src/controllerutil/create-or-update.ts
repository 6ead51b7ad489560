import {
  copyJson,
  createMergePatch,
  equalJson,
  type KubernetesObject,
  type ObjectMeta,
} from '@k1s/apimachinery'
import type { Client, Kind, Patch } from '@k1s/core'
import { ignoreNotFound } from '../client/ignore-errors.ts'

/** What became of the object: it completes the sentence "Deployment default/foo has been …". */
export type OperationResult = 'unchanged' | 'created' | 'updated' | 'updatedStatus' | 'updatedStatusOnly'

/** Changes the object into what it is to be, and may not change its name or namespace: `controllerutil.MutateFn`. */
export type MutateFunction<T extends KubernetesObject> = (object: T) => void | Promise<void>

/** What is used of a client. */
export type CreateOrUpdateClient = Pick<Client, 'get' | 'create' | 'update'>
export type CreateOrPatchClient = Pick<Client, 'get' | 'create' | 'patch' | 'status'>

/**
 * Gets the object, lets `mutate` change it and writes it if that changed anything; creates it if it is not there. `object`
 * itself is filled with what the API has, before `mutate` and at the end; of what it had before only name and namespace count
 * if it is there. What `mutate` does to a subresource such as the status is not written.
 *
 * Empty and missing maps and lists are the same in metadata, and are not elsewhere. Setting a field that has a default to
 * something without it is a change each time.
 */
export async function createOrUpdate<T extends KubernetesObject>(
  client: CreateOrUpdateClient,
  kind: Kind<T>,
  object: T,
  mutate: MutateFunction<T> = () => {},
): Promise<OperationResult> {
  const existing = await find(client, kind, object)
  if (existing === undefined) return await create(client, object, mutate)
  fill(object, existing)
  await mutateInPlace(object, mutate)
  if (isSame(existing, object)) return 'unchanged'
  fill(object, await client.update(object))
  return 'updated'
}

/**
 * As {@link createOrUpdate}, and sends only what changed, as a merge patch. What `mutate` does to the status is written too,
 * unless the object is new.
 */
export async function createOrPatch<T extends KubernetesObject>(
  client: CreateOrPatchClient,
  kind: Kind<T>,
  object: T,
  mutate: MutateFunction<T> = () => {},
): Promise<OperationResult> {
  const existing = await find(client, kind, object)
  if (existing === undefined) return await create(client, object, mutate)
  fill(object, existing)
  await mutateInPlace(object, mutate)
  const isUpdated = !isSame(withoutStatus(existing), withoutStatus(object))
  const status = copyJson(statusOf(object))
  const isStatusUpdated = !equalJson(statusOf(existing), status)
  if (isUpdated) {
    fill(object, await client.patch(object, patchFrom(existing, object)))
  }
  if (!isStatusUpdated) return isUpdated ? 'updated' : 'unchanged'
  const statusPatch = patchFrom({ status: statusOf(existing) }, { status })
  fill(object, await client.status.patch(object, statusPatch))
  return isUpdated ? 'updatedStatus' : 'updatedStatusOnly'
}

function find<T extends KubernetesObject>(
  client: Pick<Client, 'get'>,
  kind: Kind<T>,
  { metadata: { namespace, name = '' } }: T,
): Promise<T | undefined> {
  return client.get(kind, namespace === undefined ? { name } : { namespace, name }).catch(ignoreNotFound)
}

async function create<T extends KubernetesObject>(
  client: Pick<Client, 'create'>,
  object: T,
  mutate: MutateFunction<T>,
): Promise<OperationResult> {
  await mutateInPlace(object, mutate)
  fill(object, await client.create(object))
  return 'created'
}

async function mutateInPlace<T extends KubernetesObject>(
  object: T,
  mutate: MutateFunction<T>,
): Promise<void> {
  const { namespace, name } = object.metadata
  await mutate(object)
  if (object.metadata.namespace !== namespace || object.metadata.name !== name) {
    throw new Error('MutateFn cannot mutate object name and/or object namespace')
  }
}

/** Makes `object` a copy of `content`, which may be shared with a cache. */
function fill<T extends KubernetesObject>(object: T, content: T): void {
  for (const key of Object.keys(object)) Reflect.deleteProperty(object, key)
  Object.assign(object, copyJson(content))
}

function isSame(before: KubernetesObject, after: KubernetesObject): boolean {
  return equalJson(withCompactMetadata(before), withCompactMetadata(after))
}

function withCompactMetadata(object: KubernetesObject): KubernetesObject {
  return { ...object, metadata: compact(object.metadata) }
}

function compact(metadata: ObjectMeta): ObjectMeta {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => !isEmpty(value)))
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  )
}

function statusOf(object: KubernetesObject): unknown {
  return (object as { readonly status?: unknown }).status
}

function withoutStatus(object: KubernetesObject): KubernetesObject {
  const { status: _, ...rest } = object as KubernetesObject & { readonly status?: unknown }
  return rest
}

/** Without `mergePatch`, for which all of `@k1s/core` would be loaded. */
function patchFrom(before: object, after: object): Patch {
  return { type: 'application/merge-patch+json', body: createMergePatch(before, after) }
}
