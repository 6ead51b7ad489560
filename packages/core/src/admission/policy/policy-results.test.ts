import { isStatusError, type Unstructured } from '@k1s/apimachinery'
import { openStorage, storageKey } from '@k1s/storage'
import { describe, expect, test } from 'vitest'
import { configMapDefinition } from '../../builtin/config-map.ts'
import { ResourceRegistry } from '../../registry/resource-registry.ts'
import type { AdmissionAttributes } from '../admission.ts'
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

async function run({ policies, bindings, params = [], object, oldObject, keys }: Case): Promise<Result> {
  await using storage = await openStorage({ type: 'memory' })
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
    await store(`validatingadmissionpolicies.${group}`, name, { spec: whole })
  }
  for (const { name, spec } of bindings) {
    const whole = { policyName: 'p', ...spec }
    await store(`validatingadmissionpolicybindings.${group}`, name, { spec: whole })
  }
  for (const data of params) {
    await store('configmaps', 'limits', configMap(data, { name: 'limits' }), 'default')
  }
  const warnings: string[] = []
  const annotations: { [key: string]: string } = {}
  const data = keys === undefined ? object?.data : manyKeys(keys)
  const attributes: AdmissionAttributes = {
    operation: oldObject === undefined ? 'CREATE' : object === undefined ? 'DELETE' : 'UPDATE',
    tenant,
    user: { name: 'system:admin', groups: ['system:masters', 'system:authenticated'] },
    group: '',
    version: 'v1',
    kind: 'ConfigMap',
    kindApiVersion: 'v1',
    resource: 'configmaps',
    namespace: 'default',
    name: 'a',
    ...(object !== undefined && { object: admitted(data) }),
    ...(oldObject !== undefined && { oldObject: admitted(oldObject.data) }),
    options: {},
    dryRun: false,
    definition: configMapDefinition,
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
