import type { GoStruct } from '../../schema/go-type.ts'
import { labelSelector } from './label-selector.ts'

export const paramKind: GoStruct = {
  name: 'ParamKind',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'The kind of the objects that parameterize a policy.',
  mapType: 'atomic',
  fields: {
    apiVersion: { type: 'string', description: 'API group and version, as "group/version". Required.' },
    kind: { type: 'string', description: 'The kind. Required.' },
  },
}

export const matchCondition: GoStruct = {
  name: 'MatchCondition',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'A condition for a request to be looked at.',
  fields: {
    expression: {
      type: 'string',
      description:
        'A CEL expression over object, oldObject, request and authorizer that is a bool. Required.',
      required: true,
      default: '',
    },
    name: {
      type: 'string',
      description: 'A qualified name, by which messages and patches know the condition. Required.',
      required: true,
      default: '',
    },
  },
}

export const variable: GoStruct = {
  name: 'Variable',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'A named expression.',
  mapType: 'atomic',
  fields: {
    expression: {
      type: 'string',
      description: "The CEL expression that makes the value. It sees what the policy's expressions see.",
      required: true,
      default: '',
    },
    name: {
      type: 'string',
      description: 'The name, a CEL identifier, under which others find the value.',
      required: true,
      default: '',
    },
  },
}

export const namedRuleWithOperations: GoStruct = {
  name: 'NamedRuleWithOperations',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'Operations on resources, and on objects of certain names.',
  mapType: 'atomic',
  fields: {
    apiGroups: {
      type: { listOf: 'string' },
      description: "API groups of the resources; '*' alone is all. Required.",
      listType: 'atomic',
    },
    apiVersions: {
      type: { listOf: 'string' },
      description: "API versions of the resources; '*' alone is all. Required.",
      listType: 'atomic',
    },
    operations: {
      type: { listOf: 'string' },
      description: "The operations: CREATE, UPDATE, DELETE, CONNECT; '*' alone is all. Required.",
      enum: ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'],
      listType: 'atomic',
    },
    resourceNames: {
      type: { listOf: 'string' },
      description: 'Names of the objects; empty for all.',
      listType: 'atomic',
    },
    resources: {
      type: { listOf: 'string' },
      description:
        "Resources: 'pods', 'pods/log' for a subresource, '*', 'pods/*', '*/scale', '*/*'. Required.",
      listType: 'atomic',
    },
    scope: {
      type: 'string',
      description: "Cluster or Namespaced resources, or '*', the default, for both.",
      enum: ['*', 'Cluster', 'Namespaced'],
    },
  },
}

export const matchResources: GoStruct = {
  name: 'MatchResources',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'Which requests a policy or binding applies to.',
  mapType: 'atomic',
  fields: {
    excludeResourceRules: {
      type: { listOf: namedRuleWithOperations },
      description: 'Operations on resources that it does not apply to, whatever resourceRules say.',
      listType: 'atomic',
    },
    matchPolicy: {
      type: 'string',
      description:
        'Whether rules mean exactly the versions they name (Exact) or any form of the same resource (Equivalent, the default).',
      enum: ['Equivalent', 'Exact'],
    },
    namespaceSelector: {
      type: labelSelector,
      description: 'Selects namespaces by their labels. Defaults to all.',
    },
    objectSelector: {
      type: labelSelector,
      description:
        'Selects objects by their labels; the object or the old object must match. Defaults to all.',
    },
    resourceRules: {
      type: { listOf: namedRuleWithOperations },
      description: 'Operations on resources that it applies to; one of them must match.',
      listType: 'atomic',
    },
  },
}

export const paramRef: GoStruct = {
  name: 'ParamRef',
  package: 'io.k8s.api.admissionregistration.v1',
  description: 'Chooses the objects that parameterize a policy, by name or by labels.',
  mapType: 'atomic',
  fields: {
    name: { type: 'string', description: 'Name of the object. Excludes selector.' },
    namespace: {
      type: 'string',
      description: 'Namespace of the objects. For a namespaced paramKind without it, that of the request.',
    },
    parameterNotFoundAction: {
      type: 'string',
      description: 'What to do if there is no such object: Allow or Deny. Required.',
    },
    selector: {
      type: labelSelector,
      description: 'Selects the objects by their labels; each is evaluated. Excludes name.',
    },
  },
}
