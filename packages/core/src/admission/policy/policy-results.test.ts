import { isStatusError, type Unstructured } from '@k1s/apimachinery'
import { openStorage, type StorageInterface, storageKey } from '@k1s/storage'
import { describe, expect, test } from 'vitest'
import { configMapDefinition } from '../../builtin/config-map.ts'
import { ResourceRegistry } from '../../registry/resource-registry.ts'
import type { AdmissionAttributes, AdmissionOperation } from '../admission.ts'
import { AdmissionFunctions } from '../admission-functions.ts'
import { createAdmission } from '../create-admission.ts'
import mutationResults from './mutation-results.json' with { type: 'json' }
import results from './policy-results.json' with { type: 'json' }
import { ValidatingPolicies } from './validating-policies.ts'

const tenant = 'default'
const group = 'admissionregistration.k8s.io'

interface Case {
  readonly policies: readonly { readonly name: string; readonly spec: object }[]
  readonly bindings: readonly { readonly name: string; readonly spec: object }[]
  readonly params?: readonly object[]
  readonly object?: { readonly data?: object }
  readonly oldObject?: { readonly data?: object }
  /** Gives the object that many keys. */
  readonly keys?: number
  readonly result: Result
}

interface Result {
  readonly status?: { readonly message?: string; readonly reason?: string; readonly code?: number }
  readonly warnings: readonly string[]
  readonly annotations: { readonly [key: string]: string }
}

const rule = { apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['*'] }

const configMap = (data: object | undefined, metadata: object): Unstructured => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'default', ...metadata },
  ...(data !== undefined && { data }),
})

const admitted = (data: object | undefined) =>
  configMap(data, { name: 'a', uid: 'u-1', creationTimestamp: '2026-01-01T00:00:00Z' })

const manyKeys = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'x'.repeat(10)]))

const requestOf = (operation: AdmissionOperation) => ({
  operation,
  tenant,
  user: { name: 'system:admin', groups: ['system:masters', 'system:authenticated'] },
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  kindApiVersion: 'v1',
  resource: 'configmaps',
  namespace: 'default',
  name: 'a',
  options: {},
  dryRun: false,
  definition: configMapDefinition,
})

async function openWith(
  kind: 'validating' | 'mutating',
  { policies, bindings, params = [] }: Pick<Case, 'policies' | 'bindings' | 'params'>,
): Promise<StorageInterface> {
  const storage = await openStorage({ type: 'memory' })
  const store = (resource: string, name: string, fields: object, namespace?: string) =>
    storage.create(storageKey({ tenant, resource, name, ...(namespace !== undefined && { namespace }) }), {
      apiVersion: '',
      kind: '',
      metadata: { name },
      ...fields,
    })
  await store('namespaces', 'default', {
    metadata: { name: 'default', labels: { 'kubernetes.io/metadata.name': 'default' } },
  })
  for (const { name, spec } of policies) {
    const constraints = { resourceRules: [rule] }
    const whole = { failurePolicy: 'Fail', matchConstraints: constraints, ...spec }
    await store(`${kind}admissionpolicies.${group}`, name, { spec: whole })
  }
  for (const { name, spec } of bindings) {
    const whole = { policyName: 'p', ...spec }
    await store(`${kind}admissionpolicybindings.${group}`, name, { spec: whole })
  }
  for (const data of params) {
    await store('configmaps', 'limits', configMap(data, { name: 'limits' }), 'default')
  }
  return storage
}

async function run(one: Case): Promise<Result> {
  await using storage = await openWith('validating', one)
  const { object, oldObject, keys } = one
  const warnings: string[] = []
  const annotations: { [key: string]: string } = {}
  const data = keys === undefined ? object?.data : manyKeys(keys)
  const operation = oldObject === undefined ? 'CREATE' : object === undefined ? 'DELETE' : 'UPDATE'
  const attributes: AdmissionAttributes = {
    ...requestOf(operation),
    ...(object !== undefined && { object: admitted(data) }),
    ...(oldObject !== undefined && { oldObject: admitted(oldObject.data) }),
    warn: (text) => warnings.push(text),
    annotate(key, value) {
      annotations[key] = value
    },
  }
  const validating = new ValidatingPolicies({ storage, registry: new ResourceRegistry(storage) })
  try {
    await validating.validate(attributes, 1)
  } catch (error) {
    if (!isStatusError(error)) throw error
    const { message = '', reason = '', code = 0 } = error.status
    return { warnings, annotations, status: { message, reason, code } }
  }
  return { warnings, annotations }
}

// The results are those of Kubernetes 1.36, but that it publishes only the last of several failures of a request.
describe('a policy decides as in Kubernetes', () => {
  test.each(
    (results as unknown as Case[]).map((one) => ({
      name: JSON.stringify(one.policies[0]?.spec).slice(0, 120),
      one,
    })),
  )('$name', async ({ one }) => {
    expect(await run(one)).toEqual(one.result)
  })
})

interface MutationCase extends Pick<Case, 'policies' | 'bindings' | 'params'> {
  readonly result: { readonly object?: object; readonly status?: object; readonly causes?: readonly object[] }
}

async function runMutation(one: MutationCase): Promise<MutationCase['result']> {
  await using storage = await openWith('mutating', one)
  const object = configMap(
    { x: '1' },
    {
      name: 'a',
      uid: 'u-1',
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { l: '1' },
      finalizers: ['example.com/a'],
      ownerReferences: [{ apiVersion: 'v1', kind: 'Secret', name: 's', uid: 'o-1' }],
    },
  )
  const attributes: AdmissionAttributes = { ...requestOf('CREATE'), object, warn() {}, annotate() {} }
  const registry = new ResourceRegistry(storage)
  const admission = createAdmission({ storage, registry, functions: new AdmissionFunctions() })
  try {
    await admission.mutate(attributes)
    return { object }
  } catch (error) {
    if (!isStatusError(error)) throw error
    const { message = '', reason = '', code = 0, details } = error.status
    return { status: { message, reason, code }, causes: details?.causes ?? [] }
  }
}

describe('a policy changes an object as in Kubernetes', () => {
  test.each(
    (mutationResults as unknown as MutationCase[]).map((one) => ({
      name: JSON.stringify(one.policies[0]).slice(0, 300),
      one,
    })),
  )('$name', async ({ one }) => {
    expect(await runMutation(one)).toEqual(one.result)
  })
})
