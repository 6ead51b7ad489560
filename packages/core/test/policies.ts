import type { Unstructured } from '@k1s/apimachinery'
import type { Client } from '@k1s/core'

const apiVersion = 'admissionregistration.k8s.io/v1'

interface Spec {
  readonly [field: string]: unknown
}

/** Matches creates and updates of ConfigMaps. */
export const configMapRule = {
  apiGroups: [''],
  apiVersions: ['v1'],
  resources: ['configmaps'],
  operations: ['CREATE', 'UPDATE'],
}

export const validatingPolicy = (name: string, spec: Spec): Unstructured => ({
  apiVersion,
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name },
  spec: { matchConstraints: { resourceRules: [configMapRule] }, ...spec },
})

export const validatingBinding = (name: string, policyName: string, spec: Spec = {}): Unstructured => ({
  apiVersion,
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name },
  spec: { policyName, validationActions: ['Deny'], ...spec },
})

export const mutatingPolicy = (name: string, spec: Spec): Unstructured => ({
  apiVersion,
  kind: 'MutatingAdmissionPolicy',
  metadata: { name },
  spec: {
    matchConstraints: { resourceRules: [configMapRule] },
    reinvocationPolicy: 'Never',
    ...spec,
  },
})

export const mutatingBinding = (name: string, policyName: string, spec: Spec = {}): Unstructured => ({
  apiVersion,
  kind: 'MutatingAdmissionPolicyBinding',
  metadata: { name },
  spec: { policyName, ...spec },
})

/** Stores a policy `name` with validations, and a binding `name-binding`. */
export async function validateWith(
  client: Client,
  name: string,
  spec: Spec,
  binding: Spec = {},
): Promise<void> {
  await client.create(validatingPolicy(name, spec))
  await client.create(validatingBinding(`${name}-binding`, name, binding))
}

/** Stores a policy `name` with mutations, and a binding `name-binding`. */
export async function mutateWith(
  client: Client,
  name: string,
  spec: Spec,
  binding: Spec = {},
): Promise<void> {
  await client.create(mutatingPolicy(name, spec))
  await client.create(mutatingBinding(`${name}-binding`, name, binding))
}

export const applyConfiguration = (expression: string) => ({
  patchType: 'ApplyConfiguration',
  applyConfiguration: { expression },
})

export const jsonPatchMutation = (expression: string) => ({
  patchType: 'JSONPatch',
  jsonPatch: { expression },
})
