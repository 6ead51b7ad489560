import type { GoStruct } from '../../schema/go-type.ts'
import { variable } from './admission-match.ts'
import { objectMetadata, typeMeta } from './object-fields.ts'
import { bindingFields, policyFields } from './policy-fields.ts'

export const applyConfiguration: GoStruct = {
  name: 'ApplyConfiguration',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'The wanted values of some fields.',
  fields: {
    expression: {
      type: 'string',
      description:
        'A CEL expression that makes an Object with the fields to set. Atomic structs, maps and lists cannot be set. Required.',
    },
  },
}

export const jsonPatch: GoStruct = {
  name: 'JSONPatch',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'A JSON patch made by an expression.',
  fields: {
    expression: {
      type: 'string',
      description: 'A CEL expression that makes a list of JSONPatch operations. Required.',
    },
  },
}

export const mutation: GoStruct = {
  name: 'Mutation',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'One change to an object.',
  fields: {
    applyConfiguration: {
      type: applyConfiguration,
      description: 'The wanted values of some fields, merged as server-side apply does.',
    },
    jsonPatch: { type: jsonPatch, description: 'A JSON patch.' },
    patchType: {
      type: 'string',
      description: 'Which of the two it is: ApplyConfiguration or JSONPatch. Required.',
      required: true,
      default: '',
      enum: ['ApplyConfiguration', 'JSONPatch'],
    },
  },
}

export const mutatingAdmissionPolicySpec: GoStruct = {
  name: 'MutatingAdmissionPolicySpec',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'What a policy applies to and what it changes.',
  fields: {
    failurePolicy: policyFields.failurePolicy,
    matchConditions: policyFields.matchConditions,
    matchConstraints: policyFields.matchConstraints,
    mutations: {
      type: { listOf: mutation },
      description: 'The changes, one after the other. Required.',
      listType: 'atomic',
    },
    paramKind: policyFields.paramKind,
    reinvocationPolicy: {
      type: 'string',
      description:
        'Whether the policy may run again when others changed the object after it: Never or IfNeeded. Required.',
      enum: ['IfNeeded', 'Never'],
    },
    variables: {
      type: { listOf: variable },
      description: 'Named expressions for use in those after them, as variables.name.',
      listType: 'atomic',
    },
  },
}

export const mutatingAdmissionPolicy: GoStruct = {
  name: 'MutatingAdmissionPolicy',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'A policy that changes objects on their way into the store.',
  fields: {
    ...typeMeta,
    metadata: objectMetadata,
    spec: {
      type: mutatingAdmissionPolicySpec,
      description: 'What the policy applies to and what it changes.',
      default: {},
    },
  },
}

export const mutatingAdmissionPolicyBindingSpec: GoStruct = {
  name: 'MutatingAdmissionPolicyBindingSpec',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'Which policy is put into force, and how.',
  fields: {
    matchResources: bindingFields.matchResources,
    paramRef: bindingFields.paramRef,
    policyName: { type: 'string', description: 'Name of the policy. Required.' },
  },
}

export const mutatingAdmissionPolicyBinding: GoStruct = {
  name: 'MutatingAdmissionPolicyBinding',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'Puts a policy into force, with parameters and for chosen resources.',
  fields: {
    ...typeMeta,
    metadata: objectMetadata,
    spec: {
      type: mutatingAdmissionPolicyBindingSpec,
      description: 'Which policy is put into force, and how.',
      default: {},
    },
  },
}
