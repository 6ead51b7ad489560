import type { GoStruct } from '../../schema/go-type.ts'
import { variable } from './admission-match.ts'
import { condition } from './condition.ts'
import { objectMetadata, typeMeta } from './object-fields.ts'
import { bindingFields, policyFields } from './policy-fields.ts'

export const validation: GoStruct = {
  name: 'Validation',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'An expression that must be true.',
  fields: {
    expression: {
      type: 'string',
      description:
        'A CEL expression over object, oldObject, request, params, namespaceObject, variables and authorizer. Required.',
      required: true,
      default: '',
    },
    message: {
      type: 'string',
      description: 'What to answer if the expression is false. Required if the expression has line breaks.',
    },
    messageExpression: {
      type: 'string',
      description:
        'A CEL expression that makes the message. It counts before message, which is used if it fails.',
    },
    reason: {
      type: 'string',
      description:
        'The reason of the answer if the expression is false: Unauthorized, Forbidden, Invalid or RequestEntityTooLarge. Defaults to Invalid.',
    },
  },
}

export const auditAnnotation: GoStruct = {
  name: 'AuditAnnotation',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'An expression that makes an audit annotation.',
  fields: {
    key: {
      type: 'string',
      description:
        "The last part of the annotation's key, after the name of the policy. Unique within the policy. Required.",
      required: true,
      default: '',
    },
    valueExpression: {
      type: 'string',
      description: 'A CEL expression that makes the value as text, or null for no annotation. Required.',
      required: true,
      default: '',
    },
  },
}

export const expressionWarning: GoStruct = {
  name: 'ExpressionWarning',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'What is wrong with one expression.',
  fields: {
    fieldRef: {
      type: 'string',
      description: 'The path of the expression, such as "spec.validations[0].expression".',
      required: true,
      default: '',
    },
    warning: {
      type: 'string',
      description: 'For each type that the expression was checked against, what the compiler says.',
      required: true,
      default: '',
    },
  },
}

export const typeChecking: GoStruct = {
  name: 'TypeChecking',
  package: 'io.k8s.api.admissionregistration.v1',
  description: "What checking the types of a policy's expressions found.",
  fields: {
    expressionWarnings: {
      type: { listOf: expressionWarning },
      description: 'Warnings for single expressions.',
      listType: 'atomic',
    },
  },
}

export const validatingAdmissionPolicySpec: GoStruct = {
  name: 'ValidatingAdmissionPolicySpec',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'What a policy applies to and what it demands.',
  fields: {
    auditAnnotations: {
      type: { listOf: auditAnnotation },
      description:
        'Expressions that make annotations for the audit event of a request. Without validations, there must be one.',
      listType: 'atomic',
    },
    failurePolicy: policyFields.failurePolicy,
    matchConditions: policyFields.matchConditions,
    matchConstraints: policyFields.matchConstraints,
    paramKind: policyFields.paramKind,
    validations: {
      type: { listOf: validation },
      description:
        'Expressions that must be true of a request. Without audit annotations, there must be one.',
      listType: 'atomic',
    },
    variables: {
      type: { listOf: variable },
      description: 'Named expressions for use in those after them, as variables.name.',
      listType: 'map',
      listMapKeys: ['name'],
      patchStrategy: ['merge'],
      patchMergeKey: 'name',
    },
  },
}

export const validatingAdmissionPolicyStatus: GoStruct = {
  name: 'ValidatingAdmissionPolicyStatus',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'What was found out about a policy.',
  fields: {
    conditions: {
      type: { listOf: condition },
      description: "Aspects of the policy's state.",
      listType: 'map',
      listMapKeys: ['type'],
    },
    observedGeneration: { type: 'int64', description: 'The metadata.generation that this was found for.' },
    typeChecking: {
      type: typeChecking,
      description: 'What checking the types of the expressions found. Present once that was done.',
    },
  },
}

export const validatingAdmissionPolicy: GoStruct = {
  name: 'ValidatingAdmissionPolicy',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'A policy that lets objects pass or refuses them, without changing them.',
  fields: {
    ...typeMeta,
    metadata: objectMetadata,
    spec: {
      type: validatingAdmissionPolicySpec,
      description: 'What the policy applies to and what it demands.',
      default: {},
    },
    status: {
      type: validatingAdmissionPolicyStatus,
      description: 'What was found out about the policy. Set by the system.',
      default: {},
    },
  },
}

export const validatingAdmissionPolicyBindingSpec: GoStruct = {
  name: 'ValidatingAdmissionPolicyBindingSpec',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'Which policy is put into force, and how.',
  fields: {
    matchResources: bindingFields.matchResources,
    paramRef: bindingFields.paramRef,
    policyName: { type: 'string', description: 'Name of the policy. Required.', required: true },
    validationActions: {
      type: { listOf: 'string' },
      description:
        'What a failed validation leads to: Deny, Warn, Audit. Deny and Warn cannot be combined. Required.',
      required: true,
      enum: ['Audit', 'Deny', 'Warn'],
      listType: 'set',
    },
  },
}

export const validatingAdmissionPolicyBinding: GoStruct = {
  name: 'ValidatingAdmissionPolicyBinding',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'Puts a policy into force, with parameters and for chosen resources.',
  fields: {
    ...typeMeta,
    metadata: objectMetadata,
    spec: {
      type: validatingAdmissionPolicyBindingSpec,
      description: 'Which policy is put into force, and how.',
      required: true,
      default: {},
    },
  },
}
