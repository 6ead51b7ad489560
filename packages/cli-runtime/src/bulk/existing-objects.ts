import { isForbidden, isNotFound, isStatusError, type Unstructured } from '@k1s/apimachinery'
import { addSourceToError } from '../errors/source.ts'
import type { BulkApi } from './bulk-api.ts'
import { forEachAtOnce } from './for-each-at-once.ts'
import type { PlannedObject } from './planned-object.ts'

/** Up to so many objects of a kind are looked for at once, without asking first whether there are any. */
const few = 3

/**
 * Calls `visit` with each object that is in the target already, as it is there. A kind of which there is nothing is
 * asked for once.
 */
export async function visitExisting(
  api: BulkApi,
  objects: readonly PlannedObject[],
  parallel: number,
  visit: (planned: PlannedObject, stored: Unstructured) => void | Promise<void>,
): Promise<void> {
  const candidates: PlannedObject[] = []
  for (const ofKind of groupByKind(objects).values()) {
    if (ofKind.length <= few || (await hasAny(api, ofKind[0]!))) candidates.push(...ofKind)
  }
  await forEachAtOnce(candidates, parallel, async (planned) => {
    const stored = await readObject(api, planned).catch((error: unknown) => {
      throw isStatusError(error) ? addSourceToError('importing', planned.source, error) : error
    })
    if (stored !== undefined) await visit(planned, stored)
  })
}

/** The object as it is in the target; undefined if it is not there, or its kind is not yet. */
export async function readObject(
  { client }: BulkApi,
  { mapping, namespace, name }: PlannedObject,
): Promise<Unstructured | undefined> {
  try {
    return await client.get<Unstructured>(mapping, { name, ...(mapping.namespaced && { namespace }) })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

function groupByKind(objects: readonly PlannedObject[]): Map<string, PlannedObject[]> {
  const kinds = new Map<string, PlannedObject[]>()
  for (const object of objects) {
    const { group, plural } = object.mapping
    const ofKind = kinds.get(`${plural}.${group}`)
    if (ofKind === undefined) kinds.set(`${plural}.${group}`, [object])
    else ofKind.push(object)
  }
  return kinds
}

/** True as well if it cannot be told. */
async function hasAny({ client }: BulkApi, { mapping }: PlannedObject): Promise<boolean> {
  try {
    const { items } = await client.metadata.list(mapping, { limit: 1 })
    return items.length > 0
  } catch (error) {
    if (isNotFound(error)) return false
    if (isForbidden(error)) return true
    throw error
  }
}
