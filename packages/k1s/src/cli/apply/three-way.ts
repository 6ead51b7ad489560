import {
  applyMergePatch,
  canonicalJson,
  createThreeWayMergePatch,
  isConflict,
  isInvalid,
  isNotFound,
  lastAppliedConfigAnnotation,
  type Unstructured,
} from '@k1s/apimachinery'
import { addSourceToError, type Info } from '@k1s/cli-runtime'
import type { Client, WriteOptions } from '@k1s/core'
import { asObject } from '../objects.ts'
import { describeInfo } from './describe-info.ts'

interface ThreeWayApply {
  /** Holds the current object. */
  readonly info: Info
  /** What was asked for, with its own last-applied annotation. */
  readonly modified: Unstructured
  readonly client: Client
  /** Merge here and send nothing (`--dry-run=client`). */
  readonly local: boolean
  /** Delete and create anew what cannot be patched. */
  readonly force: boolean
  readonly options: WriteOptions
}

const maxRetries = 5

/**
 * Patches an object with the difference of three: what was applied last, what is asked for, and what is there.
 * Follows Patcher of `k8s.io/kubectl/pkg/cmd/apply`, with the JSON merge that kubectl uses for custom resources.
 */
export async function applyThreeWay(
  apply: ThreeWayApply,
): Promise<{ object: Unstructured; changed: boolean }> {
  const { info, modified, client, local, force, options } = apply
  for (let attempt = 0; ; attempt++) {
    const current = asObject(info)
    const patch = threeWayPatch(current, modified)
    if (Object.keys(patch).length === 0) return { object: current, changed: false }
    if (local) return { object: applyMergePatch(current, patch) as Unstructured, changed: true }
    try {
      const object = await client.patch(
        current,
        { type: 'application/merge-patch+json', body: patch },
        options,
      )
      return { object, changed: true }
    } catch (error) {
      if (isConflict(error) && attempt < maxRetries) {
        await info.get()
        continue
      }
      if (force && (isConflict(error) || isInvalid(error))) {
        try {
          return { object: await deleteAndCreate(apply, current), changed: true }
        } catch (failure) {
          throw patchError(info, patch, failure)
        }
      }
      throw patchError(info, patch, addSourceToError('patching', info.source, error))
    }
  }
}

/** Says what was sent for which object, as applyOneObject of kubectl. */
function patchError(info: Info, patch: unknown, error: unknown): Error {
  const sent = `applying patch:\n${canonicalJson(patch)}\nto:\n${describeInfo(info)}\nfor:`
  return addSourceToError(sent, info.source, error)
}

function threeWayPatch(current: Unstructured, modified: Unstructured): { [key: string]: unknown } {
  const text = current.metadata.annotations?.[lastAppliedConfigAnnotation]
  const original = text === undefined ? undefined : (JSON.parse(text) as { [key: string]: unknown })
  return createThreeWayMergePatch(original, { ...modified }, { ...current })
}

/** Puts the old object back if the new one is refused. */
async function deleteAndCreate(
  { info, modified, client, options }: ThreeWayApply,
  original: Unstructured,
): Promise<Unstructured> {
  const key = { name: info.name, namespace: info.namespace }
  await client.delete(info.mapping, key)
  try {
    await info.get()
    throw new Error(`${info.objectName()} is held by finalizers and cannot be replaced now`)
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
  try {
    return await client.create(modified, options)
  } catch (error) {
    const { resourceVersion: _, uid: __, ...metadata } = original.metadata
    await client.create({ ...original, metadata })
    throw error
  }
}
