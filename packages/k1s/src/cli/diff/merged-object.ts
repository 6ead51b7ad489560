import { lastAppliedConfigAnnotation, type Unstructured } from '@k1s/apimachinery'
import type { Factory, Info } from '@k1s/cli-runtime'
import { serverSideManager } from '../apply/server-side.ts'
import { threeWayPatch } from '../apply/three-way-patch.ts'
import type { DiffFlags } from './diff.ts'

interface Comparison {
  readonly info: Info
  /** As the file has it. */
  readonly local: Unstructured
  readonly live: Unstructured | undefined
  readonly flags: DiffFlags
  readonly factory: Factory
  /** Whether a live object that was changed since is a conflict. */
  readonly locked: boolean
}

/** What an apply would make of the object, without storing it: Merged of `k8s.io/kubectl/pkg/cmd/diff`. */
export async function mergedObject(comparison: Comparison): Promise<Unstructured> {
  const { info, local, live, flags, factory, locked } = comparison
  const client = await factory.client()
  const defaultManager = flags.serverSide ? serverSideManager : 'kubectl-client-side-apply'
  const options = {
    fieldManager: flags.fieldManager ?? defaultManager,
    dryRun: true,
    onWarning: factory.warn,
  }
  if (flags.serverSide) return client.apply(local, { ...options, force: flags.forceConflicts === true })
  if (live === undefined) return client.create(local, options)
  const patch = await threeWayPatch(info.mapping, live, withoutLastApplied(local), true)
  if (Object.keys(patch.body).length === 0) return live
  const { resourceVersion } = live.metadata
  const metadata = { ...(patch.body.metadata as object | undefined), ...(locked && { resourceVersion }) }
  return client.patch(live, { type: patch.type, body: { ...patch.body, metadata } }, options)
}

/** Annotations stay, if none: the configuration that apply keeps has them, and they would seem to be removed. */
function withoutLastApplied(object: Unstructured): Unstructured {
  const { [lastAppliedConfigAnnotation]: _, ...annotations } = object.metadata.annotations ?? {}
  return { ...object, metadata: { ...object.metadata, annotations } }
}
