import {
  append,
  equalJson,
  fieldError,
  isRequestEntityTooLarge,
  nameIsDNSSubdomain,
  newConflict,
  newInvalid,
  newNotFound,
  optimisticLockMessage,
  type Unstructured,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from '@k1s/apimachinery'
import { isRequirementFailed, type StorageCompanion } from '@k1s/storage'
import { cloneJson } from '../clone-json.ts'
import { accompanyUpdate } from '../lifecycle/accompany.ts'
import { lifecycleOf } from '../lifecycle/lifecycle.ts'
import { runTasks, type Task } from '../lifecycle/tasks.ts'
import type { ApiResponse } from '../request.ts'
import type { ResourceStrategy } from '../resource-definition.ts'
import { objectKey } from '../resource-path.ts'
import { admissionAttributes } from './admission-attributes.ts'
import { admitMutation } from './admit-mutation.ts'
import { trackFields } from './field-management.ts'
import { finalizerWarnings, validateFinalizerNames } from './finalizer-names.ts'
import { checkObjectUID } from './identity-check.ts'
import { dedupOwnerReferences } from './owner-references.ts'
import type { ResourceRequest, StoreContext } from './resource-request.ts'
import { takeReplicas } from './scale-of.ts'
import { schemaOf } from './schema-of.ts'
import { fromStorage, toStorage } from './stored-object.ts'
import { strategyOf } from './strategy.ts'

/**
 * Makes the wanted object from the current one, which is in the caller's version and may be changed in place. Called
 * again after a lost race: `attempt` takes the warnings of this time.
 */
export type MakeUpdate = (
  current: Unstructured,
  strategy: ResourceStrategy,
  attempt: ResourceRequest,
) => Unstructured | Promise<Unstructured>

/** Ends an update whose result is the removal of the object: its last finalizer went. */
class RemovalDue {
  readonly current: Unstructured
  constructor(current: Unstructured) {
    this.current = current
  }
}

/** Ends an update that must not be stored. */
class DryRunDone {
  readonly result: Unstructured
  constructor(result: Unstructured) {
    this.result = result
  }
}

export interface WriteUpdateOptions {
  /** The made update has its managed fields already. */
  readonly isTracked?: boolean
  /** The object would be too large with its managed fields. */
  readonly isTooLarge?: boolean
}

/** Reads, makes the update, checks it as `BeforeUpdate` does, and writes; again from the start if it lost a race. */
export async function writeUpdate(
  context: StoreContext,
  resourceRequest: ResourceRequest,
  makeUpdate: MakeUpdate,
  options: WriteUpdateOptions = {},
): Promise<ApiResponse> {
  const { request, definition, dryRun, warnings } = resourceRequest
  const { tenant, namespace, name, group, resource } = request
  const strategy = await strategyOf(definition)
  const key = objectKey(tenant, definition, namespace, name!)
  const lifecycle = lifecycleOf(definition)
  let attemptWarnings: string[] = []
  let tasks: readonly Task[] = []
  try {
    const updated = await context.storage.guaranteedUpdate(key, async (stored) => {
      if (stored === undefined) throw newNotFound({ group, resource }, name!)
      const attempt = { ...resourceRequest, warnings: [] as string[] }
      const update = await prepareUpdate(context, attempt, strategy, stored, makeUpdate, options)
      attemptWarnings = attempt.warnings
      if (dryRun) throw new DryRunDone(update.object)
      const { object, old, prepared } = update
      const accompaniment = await accompanyUpdate(context, resourceRequest, key, object, old, prepared)
      tasks = accompaniment.tasks
      return {
        object,
        companion: accompaniment.companion,
        ...(update.ttl !== undefined && { ttl: update.ttl }),
      }
    })
    await lifecycle?.written?.(context, resourceRequest, updated)
    if (tasks.length > 0) await runTasks(context, tenant, tasks)
    append(warnings, attemptWarnings)
    return { code: 200, body: await fromStorage(resourceRequest, updated), warnings }
  } catch (error) {
    if (error instanceof DryRunDone) {
      return {
        code: 200,
        body: await fromStorage(resourceRequest, error.result),
        warnings: [...warnings, ...attemptWarnings],
      }
    }
    if (isRequestEntityTooLarge(error) && options.isTracked !== true && options.isTooLarge !== true) {
      return writeUpdate(context, resourceRequest, makeUpdate, { ...options, isTooLarge: true })
    }
    if (isRequirementFailed(error)) return writeUpdate(context, resourceRequest, makeUpdate, options)
    if (!(error instanceof RemovalDue)) throw error
    const { removeFinalized } = await import('../lifecycle/removal.ts')
    const removed = await removeFinalized(context, key, error.current)
    if (removed === undefined) return writeUpdate(context, resourceRequest, makeUpdate, options)
    return { code: 200, body: await fromStorage(resourceRequest, removed), warnings }
  }
}

interface PreparedUpdate {
  readonly object: Unstructured
  readonly old: Unstructured
  readonly prepared: StorageCompanion | undefined
  readonly ttl?: number
}

async function prepareUpdate(
  context: StoreContext,
  resourceRequest: ResourceRequest,
  strategy: ResourceStrategy,
  stored: Unstructured,
  makeUpdate: MakeUpdate,
  { isTracked = false, isTooLarge = false }: WriteUpdateOptions,
): Promise<PreparedUpdate> {
  const { request, definition, dryRun } = resourceRequest
  const toWorking = (object: Unstructured) =>
    strategy.convert === undefined ? object : strategy.convert(object, definition.storageApiVersion)
  const current = await fromStorage(resourceRequest, cloneJson(stored))
  const live = cloneJson(current)
  const wanted = await makeUpdate(current, strategy, resourceRequest)
  dedupOwnerReferences(wanted, resourceRequest.warnings, false)
  if (!isTracked) {
    const tracking = trackFields(resourceRequest, live, wanted)
    if (tracking !== undefined) await tracking
  }
  const old = toWorking(live)
  const attributes = admissionAttributes(resourceRequest, 'UPDATE', wanted, old)
  const mutating = admitMutation(context.admission, attributes)
  if (mutating !== undefined) {
    await mutating
    if (request.subresource === 'scale') {
      takeReplicas(wanted, attributes.object!, resourceRequest.version.scaleSubresource!)
    }
    dedupOwnerReferences(wanted, resourceRequest.warnings, true)
  }
  const object = toWorking(wanted)
  context.storage.versioner.objectResourceVersion(object)
  checkVersion(resourceRequest, strategy, object, old)
  if (request.subresource === 'status') takeStatus(object, old)
  else keepStatus(resourceRequest, object, old)
  carryOver(object, old, definition.scope === 'Namespaced' ? request.namespace : undefined)
  if (request.subresource === undefined) strategy.prepareForUpdate?.(object, old)
  if (strategy.tracksGeneration === true && request.subresource !== 'status') countGeneration(object, old)
  await validate(resourceRequest, strategy, object, old)
  await context.admission?.validate(admissionAttributes(resourceRequest, 'UPDATE', object, old))
  const lifecycle = lifecycleOf(definition)
  const prepared = await lifecycle?.prepare?.(context, resourceRequest, object, old)
  const mayGo = isFinalized(object, old) && lifecycle?.mayGo?.(object) !== false
  if (mayGo && !dryRun) throw new RemovalDue(stored)
  resourceRequest.warnings.push(
    ...finalizerWarnings(definition, object, old),
    ...(strategy.warnings?.(object, old) ?? []),
  )
  const ttl = strategy.ttl?.(object)
  if (isTooLarge) delete object.metadata.managedFields
  else keepTimes(object, old)
  const unchanged = equalJson(object, old)
  return {
    object: unchanged ? stored : await toStorage(resourceRequest, object),
    old: stored,
    prepared,
    ...(ttl !== undefined && !unchanged && { ttl }),
  }
}

/** Optimistic concurrency, as in `Store.Update`. */
function checkVersion(
  resourceRequest: ResourceRequest,
  strategy: ResourceStrategy,
  object: Unstructured,
  old: Unstructured,
): void {
  const { request, definition } = resourceRequest
  const { group, resource, name } = request
  const { resourceVersion } = object.metadata
  checkObjectUID(resourceRequest, object, old.metadata.uid)
  if (!resourceVersion || resourceVersion === '0') {
    if (strategy.allowUnconditionalUpdate === true) return
    throw newInvalid({ group, kind: definition.plural }, name!, [
      fieldError.invalid('metadata.resourceVersion', 0, 'must be specified for an update'),
    ])
  }
  if (resourceVersion !== old.metadata.resourceVersion) {
    throw newConflict({ group, resource }, name!, optimisticLockMessage)
  }
}

/**
 * The times of managed fields stay where nothing else of an object changes: `IgnoreManagedFieldsTimestampsTransformer`
 * of `k8s.io/apiserver/pkg/endpoints/handlers/fieldmanager/equality.go`.
 */
function keepTimes(object: Unstructured, old: Unstructured): void {
  const { managedFields } = object.metadata
  const { managedFields: oldFields } = old.metadata
  if (managedFields === undefined || managedFields.length !== oldFields?.length) return
  const isSame = managedFields.every((entry, index) =>
    equalJson({ ...entry, time: '' }, { ...oldFields[index], time: '' }),
  )
  const without = ({ metadata, ...rest }: Unstructured) => ({
    ...rest,
    metadata: { ...metadata, managedFields: null },
  })
  if (isSame && equalJson(without(object), without(old))) object.metadata.managedFields = oldFields
}

/** A write of the status changes only that, and who manages it. */
function takeStatus(object: Unstructured, old: Unstructured): void {
  const { status, metadata } = object
  for (const field of Object.keys(object)) delete object[field]
  Object.assign(object, cloneJson(old))
  if (metadata.managedFields === undefined) delete object.metadata.managedFields
  else object.metadata.managedFields = metadata.managedFields
  if (status === undefined) delete object.status
  else object.status = status
}

/** A write of the object does not touch the status where that is a subresource. */
function keepStatus({ version }: ResourceRequest, object: Unstructured, old: Unstructured): void {
  if (!version.statusSubresource) return
  if (old.status === undefined) delete object.status
  else object.status = cloneJson(old.status)
}

/** What the system set stays, whatever was sent. */
function carryOver(
  { metadata }: Unstructured,
  { metadata: old }: Unstructured,
  namespace: string | undefined,
): void {
  if (namespace === undefined) delete metadata.namespace
  else metadata.namespace = namespace
  metadata.uid ||= old.uid
  if (old.creationTimestamp !== undefined) metadata.creationTimestamp = old.creationTimestamp
  if (old.deletionTimestamp === undefined) delete metadata.deletionTimestamp
  else metadata.deletionTimestamp = old.deletionTimestamp
  if (old.deletionGracePeriodSeconds === undefined) delete metadata.deletionGracePeriodSeconds
  else metadata.deletionGracePeriodSeconds ??= old.deletionGracePeriodSeconds
  if (old.generation === undefined) delete metadata.generation
  else metadata.generation = old.generation
  metadata.resourceVersion = old.resourceVersion
  delete metadata.selfLink
}

/** generation rises with every change but that of metadata, and of the status where it is written by itself. */
function countGeneration(object: Unstructured, old: Unstructured): void {
  const content = ({ metadata: _, ...rest }: Unstructured) => rest
  if (equalJson(content(object), content(old))) return
  object.metadata.generation = (old.metadata.generation ?? 0) + 1
}

function isFinalized({ metadata }: Unstructured, { metadata: old }: Unstructured): boolean {
  return old.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0
}

async function validate(
  { version, definition, warnings }: ResourceRequest,
  strategy: ResourceStrategy,
  object: Unstructured,
  old: Unstructured,
): Promise<void> {
  const rules = {
    namespaced: definition.scope === 'Namespaced',
    nameRule: strategy.nameRule ?? nameIsDNSSubdomain,
  }
  const errors = [
    ...validateObjectMeta(object.metadata, rules, 'metadata'),
    ...validateFinalizerNames(definition, object),
    ...validateObjectMetaUpdate(object.metadata, old.metadata, 'metadata'),
  ]
  const warn = (text: string) => warnings.push(text)
  const schema = await schemaOf(version)
  await strategy.loadValidation?.(object)
  if (schema !== undefined) append(errors, schema.validate(object, old, { errors, warn }))
  append(errors, strategy.validateUpdate?.(object, old) ?? strategy.validate?.(object) ?? [])
  if (errors.length === 0) return
  throw newInvalid({ group: definition.group, kind: definition.kind }, object.metadata.name ?? '', errors)
}
