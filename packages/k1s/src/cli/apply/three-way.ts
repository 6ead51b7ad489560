import { canonicalJson, isConflict, isInvalid, isNotFound, type Unstructured } from '@k1s/apimachinery'
import { addSourceToError, type Info } from '@k1s/cli-runtime'
import type { Client, WriteOptions } from '@k1s/core'
import { asObject } from '../objects.ts'
import { describeInfo } from './describe-info.ts'
import { type ThreeWayPatch, threeWayPatch } from './three-way-patch.ts'

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
  /** Win over what others changed. */
  readonly overwrite: boolean
  readonly options: WriteOptions
}

const maxRetries = 5

/**
 * Patches an object with the difference of three: what was applied last, what is asked for, and what is there.
 * Follows Patcher of `k8s.io/kubectl/pkg/cmd/apply`.
 */
export async function applyThreeWay(
  apply: ThreeWayApply,
): Promise<{ object: Unstructured; changed: boolean }> {
  const { info, client, local, force, options } = apply
  for (let attempt = 0; ; attempt++) {
    const current = asObject(info)
    const patch = await makePatch(apply, current)
    if (Object.keys(patch.body).length === 0) return { object: current, changed: false }
    if (local) return { object: patch.applyTo(current), changed: true }
    try {
      const object = await client.patch(current, patch, options)
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
          throw patchError(info, canonicalJson(apply.modified), failure)
        }
      }
      throw patchError(info, canonicalJson(patch.body), addSourceToError('patching', info.source, error))
    }
  }
}

/** Says what was sent for which object, as applyOneObject of kubectl. */
function patchError(info: Info, patch: string, error: unknown): Error {
  const sent = `applying patch:\n${patch}\nto:\n${describeInfo(info)}\nfor:`
  return addSourceToError(sent, info.source, error)
}

async function makePatch(
  { info, modified, local, overwrite }: ThreeWayApply,
  current: Unstructured,
): Promise<ThreeWayPatch> {
  try {
    return await threeWayPatch(info.mapping, current, modified, overwrite)
  } catch (error) {
    throw patchError(info, '', local ? error : addSourceToError('patching', info.source, error))
  }
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
    const finalizers = asObject(info).metadata.finalizers ?? []
    throw new Error(
      `${info.objectName()} is being deleted, but finalizers hold it: ${finalizers.join(', ')}. Apply again when it is gone`,
    )
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
  try {
    return await client.create(modified, options)
  } catch (error) {
    const { resourceVersion: _, uid: __, ...metadata } = original.metadata
    await client.create({ ...original, metadata }, options).catch((restoring: unknown) => {
      const why = `the new object was refused (${messageOf(error)}), and so was the old one (${messageOf(restoring)})`
      throw new Error(`${info.objectName()} was deleted: ${why}`, { cause: error })
    })
    throw error
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
