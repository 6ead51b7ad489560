import type { Message } from '../message.ts'
import { condition, labelSelector, objectMeta } from './meta.ts'

export const paramKind: Message = {
  name: 'ParamKind',
  fields: {
    apiVersion: [1, 'string'],
    kind: [2, 'string'],
  },
}

export const rule: Message = {
  name: 'Rule',
  fields: {
    apiGroups: [1, { listOf: 'string' }],
    apiVersions: [2, { listOf: 'string' }],
    resources: [3, { listOf: 'string' }],
    scope: [4, 'string', 'pointer'],
  },
}

export const ruleWithOperations: Message = {
  name: 'RuleWithOperations',
  fields: {
    operations: [1, { listOf: 'string' }],
    rule: [2, rule, 'inline'],
  },
}

export const namedRuleWithOperations: Message = {
  name: 'NamedRuleWithOperations',
  fields: {
    resourceNames: [1, { listOf: 'string' }],
    ruleWithOperations: [2, ruleWithOperations, 'inline'],
  },
}

export const matchResources: Message = {
  name: 'MatchResources',
  fields: {
    namespaceSelector: [1, labelSelector, 'pointer'],
    objectSelector: [2, labelSelector, 'pointer'],
    resourceRules: [3, { listOf: namedRuleWithOperations }],
    excludeResourceRules: [4, { listOf: namedRuleWithOperations }],
    matchPolicy: [7, 'string', 'pointer'],
  },
}

export const validation: Message = {
  name: 'Validation',
  fields: {
    expression: [1, 'string', 'always'],
    message: [2, 'string'],
    reason: [3, 'string', 'pointer'],
    messageExpression: [4, 'string'],
  },
}

export const auditAnnotation: Message = {
  name: 'AuditAnnotation',
  fields: {
    key: [1, 'string', 'always'],
    valueExpression: [2, 'string', 'always'],
  },
}

export const matchCondition: Message = {
  name: 'MatchCondition',
  fields: {
    name: [1, 'string', 'always'],
    expression: [2, 'string', 'always'],
  },
}

export const variable: Message = {
  name: 'Variable',
  fields: {
    name: [1, 'string', 'always'],
    expression: [2, 'string', 'always'],
  },
}

export const validatingAdmissionPolicySpec: Message = {
  name: 'ValidatingAdmissionPolicySpec',
  fields: {
    paramKind: [1, paramKind, 'pointer'],
    matchConstraints: [2, matchResources, 'pointer'],
    validations: [3, { listOf: validation }],
    failurePolicy: [4, 'string', 'pointer'],
    auditAnnotations: [5, { listOf: auditAnnotation }],
    matchConditions: [6, { listOf: matchCondition }],
    variables: [7, { listOf: variable }],
  },
}

export const expressionWarning: Message = {
  name: 'ExpressionWarning',
  fields: {
    fieldRef: [2, 'string', 'always'],
    warning: [3, 'string', 'always'],
  },
}

export const typeChecking: Message = {
  name: 'TypeChecking',
  fields: {
    expressionWarnings: [1, { listOf: expressionWarning }],
  },
}

export const validatingAdmissionPolicyStatus: Message = {
  name: 'ValidatingAdmissionPolicyStatus',
  fields: {
    observedGeneration: [1, 'int64'],
    typeChecking: [2, typeChecking, 'pointer'],
    conditions: [3, { listOf: condition }],
  },
}

export const validatingAdmissionPolicy: Message = {
  name: 'ValidatingAdmissionPolicy',
  fields: {
    metadata: [1, objectMeta],
    spec: [2, validatingAdmissionPolicySpec],
    status: [3, validatingAdmissionPolicyStatus],
  },
}

export const paramRef: Message = {
  name: 'ParamRef',
  fields: {
    name: [1, 'string'],
    namespace: [2, 'string'],
    selector: [3, labelSelector, 'pointer'],
    parameterNotFoundAction: [4, 'string', 'pointer'],
  },
}

export const validatingAdmissionPolicyBindingSpec: Message = {
  name: 'ValidatingAdmissionPolicyBindingSpec',
  fields: {
    policyName: [1, 'string'],
    paramRef: [2, paramRef, 'pointer'],
    matchResources: [3, matchResources, 'pointer'],
    validationActions: [4, { listOf: 'string' }],
  },
}

export const validatingAdmissionPolicyBinding: Message = {
  name: 'ValidatingAdmissionPolicyBinding',
  fields: {
    metadata: [1, objectMeta],
    spec: [2, validatingAdmissionPolicyBindingSpec],
  },
}

export const applyConfiguration: Message = {
  name: 'ApplyConfiguration',
  fields: {
    expression: [1, 'string'],
  },
}

export const jsonPatch: Message = {
  name: 'JSONPatch',
  fields: {
    expression: [1, 'string'],
  },
}

export const mutation: Message = {
  name: 'Mutation',
  fields: {
    patchType: [2, 'string', 'always'],
    applyConfiguration: [3, applyConfiguration, 'pointer'],
    jsonPatch: [4, jsonPatch, 'pointer'],
  },
}

export const mutatingAdmissionPolicySpec: Message = {
  name: 'MutatingAdmissionPolicySpec',
  fields: {
    paramKind: [1, paramKind, 'pointer'],
    matchConstraints: [2, matchResources, 'pointer'],
    variables: [3, { listOf: variable }],
    mutations: [4, { listOf: mutation }],
    failurePolicy: [5, 'string', 'pointer'],
    matchConditions: [6, { listOf: matchCondition }],
    reinvocationPolicy: [7, 'string'],
  },
}

export const mutatingAdmissionPolicy: Message = {
  name: 'MutatingAdmissionPolicy',
  fields: {
    metadata: [1, objectMeta],
    spec: [2, mutatingAdmissionPolicySpec],
  },
}

export const mutatingAdmissionPolicyBindingSpec: Message = {
  name: 'MutatingAdmissionPolicyBindingSpec',
  fields: {
    policyName: [1, 'string'],
    paramRef: [2, paramRef, 'pointer'],
    matchResources: [3, matchResources, 'pointer'],
  },
}

export const mutatingAdmissionPolicyBinding: Message = {
  name: 'MutatingAdmissionPolicyBinding',
  fields: {
    metadata: [1, objectMeta],
    spec: [2, mutatingAdmissionPolicyBindingSpec],
  },
}
