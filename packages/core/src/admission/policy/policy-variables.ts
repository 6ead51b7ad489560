import {
  boolType,
  type CelObjectType,
  type CelType,
  dynType,
  intType,
  listType,
  mapType,
  stringType,
  timestampType,
} from '../../cel/cel-type.ts'

/** Names of variables, as `k8s.io/apiserver/pkg/admission/plugin/cel/compile.go` declares them. */
export const policyVariables: Readonly<Record<string, CelType>> = {
  object: dynType,
  oldObject: dynType,
  namespaceObject: objectType('kubernetes.Namespace', {
    metadata: objectType('kubernetes.NamespaceMetadata', {
      name: stringType,
      generateName: stringType,
      namespace: stringType,
      labels: mapType(stringType, stringType),
      annotations: mapType(stringType, stringType),
      UID: stringType,
      creationTimestamp: timestampType,
      deletionGracePeriodSeconds: intType,
      deletionTimestamp: timestampType,
      generation: intType,
      resourceVersion: stringType,
      finalizers: listType(stringType),
    }),
    spec: objectType('kubernetes.NamespaceSpec', { finalizers: listType(stringType) }),
    status: objectType('kubernetes.NamespaceStatus', {
      conditions: listType(
        objectType('kubernetes.NamespaceCondition', {
          status: stringType,
          type: stringType,
          lastTransitionTime: timestampType,
          message: stringType,
          reason: stringType,
        }),
      ),
      phase: stringType,
    }),
  }),
  request: requestType(),
}

function requestType(): CelType {
  const kind = objectType('kubernetes.GroupVersionKind', {
    group: stringType,
    version: stringType,
    kind: stringType,
  })
  const resource = objectType('kubernetes.GroupVersionResource', {
    group: stringType,
    version: stringType,
    resource: stringType,
  })
  return objectType('kubernetes.AdmissionRequest', {
    kind,
    resource,
    subResource: stringType,
    requestKind: kind,
    requestResource: resource,
    requestSubResource: stringType,
    name: stringType,
    namespace: stringType,
    operation: stringType,
    userInfo: objectType('kubernetes.UserInfo', {
      username: stringType,
      uid: stringType,
      groups: listType(stringType),
      extra: mapType(stringType, listType(stringType)),
    }),
    dryRun: boolType,
    options: dynType,
  })
}

/** An object with a fixed set of fields. */
export function objectType(name: string, fields: Readonly<Record<string, CelType>>): CelObjectType {
  const known = new Map(Object.entries(fields))
  return { kind: 'object', name, field: (field) => known.get(field) }
}
