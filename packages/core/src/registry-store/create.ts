import { randomUUID } from 'node:crypto'
import {
  isAlreadyExists,
  nameIsDNSSubdomain,
  newAlreadyExists,
  newBadRequest,
  newForbidden,
  newGenerateNameConflict,
  newInvalid,
  type Unstructured,
  validateObjectMeta,
} from '@k1s/apimachinery'
import { isRequirementFailed } from '@k1s/storage'
import { lifecycleOf } from '../lifecycle/lifecycle.ts'
import type { ApiResponse } from '../request.ts'
import type { ResourceStrategy } from '../resource-definition.ts'
import { objectKey } from '../resource-path.ts'
import { decodeBody } from './decode-body.ts'
import { checkObjectNamespace } from './identity-check.ts'
import { checkNamespace, forgetNamespace } from './namespace-check.ts'
import { generateName } from './object-names.ts'
import type { ResourceRequest, StoreContext } from './resource-request.ts'
import { ruleWarnings } from './rule-warnings.ts'
import { exists, fromStorage, toStorage } from './stored-object.ts'
import { strategyOf } from './strategy.ts'
import { now } from './time.ts'

/** How often a generated name is tried: `maxNameGenerationCreateAttempts` of the registry store. */
const maxNameAttempts = 8

/** `Store.Create` and `BeforeCreate` of `k8s.io/apiserver/pkg/registry`. */
export async function create(context: StoreContext, resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { request, definition } = resourceRequest
  const { group, resource, name: requestedName } = request
  const strategy = await strategyOf(definition)
  const received = await decodeBody(resourceRequest, strategy, request.body)
  if (definition.terminating === true) {
    throw newForbidden(
      { group, resource },
      '',
      'create not allowed while custom resource definition is terminating',
    )
  }
  checkObjectNamespace(resourceRequest, received)
  if (requestedName !== undefined && received.metadata.name !== requestedName) {
    throw newBadRequest(
      `the name of the object (${received.metadata.name ?? ''}) does not match the name on the URL (${requestedName})`,
    )
  }
  const { generateName: prefix } = received.metadata
  const isGenerated = !received.metadata.name && !!prefix
  const told = resourceRequest.warnings.length
  for (let attempt = 1; ; attempt++) {
    const candidate: Unstructured = { ...received, metadata: { ...received.metadata } }
    if (isGenerated) candidate.metadata.name = generateName(prefix)
    try {
      return await createOnce(context, resourceRequest, strategy, candidate)
    } catch (error) {
      resourceRequest.warnings.length = told
      if (isRequirementFailed(error)) {
        forgetNamespace(context, resourceRequest)
        continue
      }
      if (!isGenerated || !isAlreadyExists(error)) throw error
      if (attempt >= maxNameAttempts) {
        throw newGenerateNameConflict({ group, resource }, candidate.metadata.name!, 1)
      }
    }
  }
}

async function createOnce(
  context: StoreContext,
  resourceRequest: ResourceRequest,
  strategy: ResourceStrategy,
  received: Unstructured,
): Promise<ApiResponse> {
  const { request, definition, warnings, dryRun } = resourceRequest
  const { tenant, namespace } = request
  const name = received.metadata.name ?? ''
  const requires = await checkNamespace(context, resourceRequest, name)
  fillSystemFields(received, strategy)
  if (definition.scope === 'Namespaced') received.metadata.namespace = namespace
  else if (received.metadata.namespace !== undefined) delete received.metadata.namespace
  const object =
    strategy.convert === undefined ? received : strategy.convert(received, definition.storageApiVersion)
  if (resourceRequest.version.statusSubresource && 'status' in object) delete object['status']
  strategy.prepareForCreate?.(object)
  await validate(resourceRequest, strategy, object)
  const lifecycle = lifecycleOf(definition)
  if (lifecycle?.prepare !== undefined) await lifecycle.prepare(context, resourceRequest, object)
  warnings.push(...ruleWarnings(resourceRequest), ...(strategy.warnings?.(object) ?? []))

  const key = objectKey(tenant, definition, namespace, name)
  const converted = toStorage(resourceRequest, object)
  const stored = converted instanceof Promise ? await converted : converted
  if (dryRun) {
    if (await exists(context.storage, key))
      throw newAlreadyExists({ group: request.group, resource: request.resource }, name)
    return { code: 201, body: await fromStorage(resourceRequest, stored), warnings }
  }
  const ttl = strategy.ttl?.(object)
  const options = { requires, consume: isOwn(strategy) }
  const created = await context.storage.create(key, stored, ttl === undefined ? options : { ...options, ttl })
  if (lifecycle?.written !== undefined) await lifecycle.written(context, resourceRequest, created)
  if (created.metadata.ownerReferences?.length) {
    const { collectIfOrphaned } = await import('../lifecycle/garbage-collection.ts')
    await collectIfOrphaned(context, tenant, definition, created)
  }
  return { code: 201, body: await fromStorage(resourceRequest, created), warnings }
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

function fillSystemFields({ metadata }: Unstructured, { tracksGeneration }: ResourceStrategy): void {
  if (metadata.resourceVersion) {
    throw newBadRequest('resourceVersion should not be set on objects to be created')
  }
  for (const field of systemFields) if (metadata[field] !== undefined) delete metadata[field]
  metadata.uid = randomUUID()
  metadata.creationTimestamp = now()
  if (tracksGeneration === true) metadata.generation = 1
}

async function validate(
  { version, definition }: ResourceRequest,
  strategy: ResourceStrategy,
  object: Unstructured,
): Promise<void> {
  const rules = {
    namespaced: definition.scope === 'Namespaced',
    nameRule: strategy.nameRule ?? nameIsDNSSubdomain,
  }
  const errors = [
    ...validateObjectMeta(object.metadata, rules, 'metadata'),
    ...(version.schema === undefined ? [] : (await version.schema()).validate(object)),
    ...(strategy.validate?.(object) ?? []),
  ]
  if (errors.length === 0) return
  throw newInvalid({ group: definition.group, kind: definition.kind }, object.metadata.name ?? '', errors)
}
