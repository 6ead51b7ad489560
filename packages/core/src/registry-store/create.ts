import { randomUUID } from 'node:crypto'
import {
  append,
  isAlreadyExists,
  isRequestEntityTooLarge,
  nameIsDNSSubdomain,
  newAlreadyExists,
  newBadRequest,
  newForbidden,
  newGenerateNameConflict,
  newInvalid,
  type Unstructured,
  validateObjectMeta,
} from '@k1s/apimachinery'
import { isRequirementFailed, type StorageRequirement } from '@k1s/storage'
import type { StillPasses } from '../admission/admission.ts'
import { accompanyCreation } from '../lifecycle/accompany.ts'
import { lifecycleOf } from '../lifecycle/lifecycle.ts'
import { runTasks } from '../lifecycle/tasks.ts'
import { startTenant } from '../lifecycle/tenant.ts'
import type { ApiResponse } from '../request.ts'
import type { ResourceStrategy } from '../resource-definition.ts'
import { objectKey } from '../resource-path.ts'
import type { ResourceSchema } from '../schema/resource-schema.ts'
import { admissionAttributes } from './admission-attributes.ts'
import { admitMutation } from './admit-mutation.ts'
import { decodeBody } from './decode-body.ts'
import { trackFields } from './field-management.ts'
import { finalizerWarnings, validateFinalizerNames } from './finalizer-names.ts'
import { checkObjectNamespace } from './identity-check.ts'
import { checkNamespace, forgetNamespace } from './namespace-check.ts'
import { generateName } from './object-names.ts'
import { dedupOwnerReferences } from './owner-references.ts'
import type { ResourceRequest, StoreContext } from './resource-request.ts'
import { schemaOf } from './schema-of.ts'
import { exists, fromStorage, toStorage } from './stored-object.ts'
import { strategyOf } from './strategy.ts'
import { timestamp } from './time.ts'

/** How often a generated name is tried: `maxNameGenerationCreateAttempts` of the registry store. */
const maxNameAttempts = 8

/** Makes the object to be created, with its managed fields. Called again after a lost race. */
export type ReadNew = (
  resourceRequest: ResourceRequest,
  strategy: ResourceStrategy,
) => Unstructured | Promise<Unstructured>

export function readBody(
  resourceRequest: ResourceRequest,
  strategy: ResourceStrategy,
): Unstructured | Promise<Unstructured> {
  const decoding = decodeBody(resourceRequest, strategy, resourceRequest.request.body)
  if (decoding instanceof Promise) return decoding.then((received) => tracked(resourceRequest, received))
  return tracked(resourceRequest, decoding)
}

function tracked(
  resourceRequest: ResourceRequest,
  received: Unstructured,
): Unstructured | Promise<Unstructured> {
  dedupOwnerReferences(received, resourceRequest.warnings, false)
  const tracking = trackFields(resourceRequest, undefined, received)
  return tracking === undefined ? received : tracking.then(() => received)
}

/** `Store.Create` and `BeforeCreate` of `k8s.io/apiserver/pkg/registry`. */
export async function create(
  context: StoreContext,
  resourceRequest: ResourceRequest,
  readNew: ReadNew = readBody,
): Promise<ApiResponse> {
  const { definition, request, warnings } = resourceRequest
  const starting = startTenant(context.storage, request.tenant)
  if (starting !== undefined) await starting
  const loading = strategyOf(definition)
  const strategy = loading instanceof Promise ? await loading : loading
  const told = warnings.length
  while (true) {
    const reading = readNew(resourceRequest, strategy)
    const received = reading instanceof Promise ? await reading : reading
    checkReceived(resourceRequest, received)
    try {
      const admitting = admit(context, resourceRequest, strategy, received)
      const relied = admitting instanceof Promise ? await admitting : admitting
      const { name, generateName: prefix } = received.metadata
      return !name && prefix
        ? await createGenerated(context, resourceRequest, strategy, received, relied, prefix)
        : await createOnce(context, resourceRequest, strategy, received, relied)
    } catch (error) {
      if (!isRequirementFailed(error)) throw error
      // The body is read again as well, since what was made of it has been changed.
      warnings.length = told
      forgetNamespace(context, resourceRequest)
    }
  }
}

function checkReceived(resourceRequest: ResourceRequest, received: Unstructured): void {
  const { request, definition } = resourceRequest
  const { group, resource, name: requestedName } = request
  if (definition.terminating === true) {
    throw newForbidden(
      { group, resource },
      '',
      'create not allowed while custom resource definition is terminating',
    )
  }
  checkObjectNamespace(resourceRequest, received)
  const { name } = received.metadata
  if (requestedName !== undefined && name !== requestedName) {
    throw newBadRequest(
      `the name of the object (${name ?? ''}) does not match the name on the URL (${requestedName})`,
    )
  }
}

/** What was seen before the write and is checked in its transaction. */
interface ReliedOn {
  readonly requires: readonly StorageRequirement[]
  /** There was nothing to ask admission. */
  readonly stillPasses: StillPasses | undefined
}

/** Without a promise where the namespace is known and nothing has to be asked, as with most objects. */
function admit(
  context: StoreContext,
  resourceRequest: ResourceRequest,
  strategy: ResourceStrategy,
  received: Unstructured,
): ReliedOn | Promise<ReliedOn> {
  const { dryRun, request } = resourceRequest
  const requires = checkNamespace(context, resourceRequest, received)
  const stillPasses = dryRun ? undefined : context.admission?.passes?.(request.tenant)
  if (stillPasses === undefined || requires instanceof Promise) {
    return mutate(context, resourceRequest, strategy, received, requires, stillPasses)
  }
  fillSystemFields(resourceRequest, received, strategy)
  return { requires, stillPasses }
}

async function mutate(
  context: StoreContext,
  resourceRequest: ResourceRequest,
  strategy: ResourceStrategy,
  received: Unstructured,
  checking: ReliedOn['requires'] | Promise<ReliedOn['requires']>,
  stillPasses: StillPasses | undefined,
): Promise<ReliedOn> {
  const requires = await checking
  fillSystemFields(resourceRequest, received, strategy)
  if (stillPasses !== undefined) return { requires, stillPasses }
  const attributes = admissionAttributes(resourceRequest, 'CREATE', received)
  const mutating = admitMutation(context.admission, attributes)
  if (mutating !== undefined) {
    await mutating
    dedupOwnerReferences(received, resourceRequest.warnings, true)
  }
  return { requires, stillPasses }
}

async function createGenerated(
  context: StoreContext,
  resourceRequest: ResourceRequest,
  strategy: ResourceStrategy,
  received: Unstructured,
  relied: ReliedOn,
  prefix: string,
): Promise<ApiResponse> {
  const { request, warnings } = resourceRequest
  const { group, resource } = request
  const told = warnings.length
  for (let attempt = 1; ; attempt++) {
    const name = generateName(prefix)
    const candidate = { ...received, metadata: { ...received.metadata, name } }
    try {
      return await createOnce(context, resourceRequest, strategy, candidate, relied)
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
      if (attempt >= maxNameAttempts) throw newGenerateNameConflict({ group, resource }, name, 1)
      warnings.length = told
    }
  }
}

async function createOnce(
  context: StoreContext,
  resourceRequest: ResourceRequest,
  strategy: ResourceStrategy,
  received: Unstructured,
  { requires, stillPasses }: ReliedOn,
): Promise<ApiResponse> {
  const { request, definition, warnings, dryRun } = resourceRequest
  const { tenant, namespace } = request
  const name = received.metadata.name ?? ''
  if (definition.scope === 'Namespaced') received.metadata.namespace = namespace
  else if (received.metadata.namespace !== undefined) delete received.metadata.namespace
  const object =
    strategy.convert === undefined ? received : strategy.convert(received, definition.storageApiVersion)
  if (resourceRequest.version.statusSubresource && 'status' in object) delete object.status
  strategy.prepareForCreate?.(object)
  const loading = schemaOf(resourceRequest.version)
  const schema = loading instanceof Promise ? await loading : loading
  const loadingRules = strategy.loadValidation?.(object)
  if (loadingRules !== undefined) await loadingRules
  validate(resourceRequest, strategy, schema, object)
  if (stillPasses === undefined) {
    await context.admission?.validate(admissionAttributes(resourceRequest, 'CREATE', object))
  }
  const lifecycle = lifecycleOf(definition)
  const prepared = lifecycle?.prepare && (await lifecycle.prepare(context, resourceRequest, object))
  append(warnings, finalizerWarnings(definition, object))
  if (strategy.warnings !== undefined) append(warnings, strategy.warnings(object))

  const key = objectKey(tenant, definition, namespace, name)
  const converted = toStorage(resourceRequest, object)
  const stored = converted instanceof Promise ? await converted : converted
  if (dryRun) {
    if (await exists(context.storage, key))
      throw newAlreadyExists({ group: request.group, resource: request.resource }, name)
    return { code: 201, body: await fromStorage(resourceRequest, stored), warnings }
  }
  const ttl = strategy.ttl?.(object)
  const consume = isOwn(strategy)
  const accompanying = accompanyCreation(context, resourceRequest, key, stored, prepared, stillPasses)
  const { companion, tasks } = accompanying instanceof Promise ? await accompanying : accompanying
  const options = { requires, consume, companion, ...(ttl !== undefined && { ttl }) }
  let created: Unstructured
  try {
    created = await context.storage.create(key, stored, options)
  } catch (error) {
    // Who manages which fields is the first thing that can be done without.
    if (!isRequestEntityTooLarge(error) || stored.metadata.managedFields === undefined) throw error
    const { managedFields: _, ...metadata } = stored.metadata
    created = await context.storage.create(key, { ...stored, metadata }, options)
  }
  if (lifecycle?.written !== undefined) await lifecycle.written(context, resourceRequest, created)
  if (tasks.length > 0) await runTasks(context, tenant, tasks)
  const answer = fromStorage(resourceRequest, created)
  return { code: 201, body: answer instanceof Promise ? await answer : answer, warnings }
}

/** False if the kind's own code touched the object: what it put in may be shared or no JSON. */
function isOwn({ applyDefaults, prepareForCreate, convert }: ResourceStrategy): boolean {
  return applyDefaults === undefined && prepareForCreate === undefined && convert === undefined
}

const systemFields = [
  'resourceVersion',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
] as const

function fillSystemFields(
  { clock }: ResourceRequest,
  { metadata }: Unstructured,
  { tracksGeneration }: ResourceStrategy,
): void {
  if (metadata.resourceVersion) {
    throw newBadRequest('resourceVersion should not be set on objects to be created')
  }
  for (const field of systemFields) if (metadata[field] !== undefined) delete metadata[field]
  metadata.uid = randomUUID()
  metadata.creationTimestamp = timestamp(clock)
  if (tracksGeneration === true) metadata.generation = 1
}

function validate(
  { definition }: ResourceRequest,
  strategy: ResourceStrategy,
  schema: ResourceSchema | undefined,
  object: Unstructured,
): void {
  const rules = {
    namespaced: definition.scope === 'Namespaced',
    nameRule: strategy.nameRule ?? nameIsDNSSubdomain,
  }
  const errors = validateObjectMeta(object.metadata, rules, 'metadata')
  if (schema !== undefined) append(errors, schema.validate(object, undefined, { errors }))
  append(errors, validateFinalizerNames(definition, object))
  if (strategy.validate !== undefined) append(errors, strategy.validate(object))
  if (errors.length === 0) return
  throw newInvalid({ group: definition.group, kind: definition.kind }, object.metadata.name ?? '', errors)
}
