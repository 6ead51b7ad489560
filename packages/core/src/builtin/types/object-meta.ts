import type { GoStruct } from '../../schema/go-type.ts'

export const ownerReference: GoStruct = {
  name: 'OwnerReference',
  package: 'io.k8s.apimachinery.pkg.apis.meta.v1',
  description: 'Names an object that owns another, in the same namespace or of the cluster.',
  mapType: 'atomic',
  fields: {
    apiVersion: { type: 'string', description: 'API version of the owner.', required: true, default: '' },
    blockOwnerDeletion: {
      type: 'bool',
      description: 'If true, a foreground deletion of the owner waits until this object is gone.',
    },
    controller: {
      type: 'bool',
      description: 'If true, the owner is the controller of this object. At most one owner is.',
    },
    kind: { type: 'string', description: 'Kind of the owner.', required: true, default: '' },
    name: { type: 'string', description: 'Name of the owner.', required: true, default: '' },
    uid: { type: 'string', description: 'UID of the owner.', required: true, default: '' },
  },
}

export const managedFieldsEntry: GoStruct = {
  name: 'ManagedFieldsEntry',
  package: 'io.k8s.apimachinery.pkg.apis.meta.v1',
  description: 'The fields that one manager set in one way.',
  fields: {
    apiVersion: { type: 'string', description: 'The API version in which the fields are named.' },
    fieldsType: { type: 'string', description: 'The format of the fields. There is one, "FieldsV1".' },
    fieldsV1: {
      type: 'fieldsV1',
      description: 'The set of fields, as a tree of field names, keys and values.',
    },
    manager: { type: 'string', description: 'Name of the manager.' },
    operation: { type: 'string', description: 'How the fields were set: "Apply" or "Update".' },
    subresource: {
      type: 'string',
      description: 'The subresource through which they were set; empty for the object itself.',
    },
    time: { type: 'time', description: 'When the set of fields last changed.' },
  },
}

export const objectMeta: GoStruct = {
  name: 'ObjectMeta',
  package: 'io.k8s.apimachinery.pkg.apis.meta.v1',
  description:
    'What every stored object has beside its content: its names, identity, versions, labels and owners.',
  fields: {
    annotations: {
      type: { mapOf: 'string' },
      description: 'Text that tools and libraries attach to the object. It cannot be selected by.',
    },
    creationTimestamp: {
      type: 'time',
      description: 'When the object was created. Set by the server, in UTC and RFC 3339.',
    },
    deletionGracePeriodSeconds: {
      type: 'int64',
      description: 'Seconds that a graceful deletion still had when it was asked for. Set by the server.',
    },
    deletionTimestamp: {
      type: 'time',
      description:
        'When the deletion of the object was asked for. Set by the server; the object stays until its finalizers are gone.',
    },
    finalizers: {
      type: { listOf: 'string' },
      description:
        'Names of what must be done before the object may be removed. Each is taken off by whoever does it.',
      listType: 'set',
      patchStrategy: ['merge'],
    },
    generateName: {
      type: 'string',
      description:
        'A prefix to make a unique name of, if no name is given. The server appends five characters.',
    },
    generation: { type: 'int64', description: 'Counts the changes of the wanted state. Set by the server.' },
    labels: {
      type: { mapOf: 'string' },
      description: 'Keys and values that objects are organized and selected by.',
    },
    managedFields: {
      type: { listOf: managedFieldsEntry },
      description: 'Which manager set which fields, and when. Kept by the server for server-side apply.',
      listType: 'atomic',
    },
    name: {
      type: 'string',
      description:
        'The name, unique among the objects of its resource in its namespace. It cannot be changed.',
    },
    namespace: {
      type: 'string',
      description:
        'The space within which the name is unique; empty for objects of the cluster. It cannot be changed.',
    },
    ownerReferences: {
      type: { listOf: ownerReference },
      description:
        'Objects that this one depends on. When the last of them is gone, it is collected as garbage.',
      listType: 'map',
      listMapKeys: ['uid'],
      patchStrategy: ['merge'],
      patchMergeKey: 'uid',
    },
    resourceVersion: {
      type: 'string',
      description:
        'The version of the object that was read, to notice changes by others. Opaque; pass it back as it is.',
    },
    selfLink: { type: 'string', description: 'No longer filled in.' },
    uid: {
      type: 'string',
      description: 'Identifies this object among all that ever were, of whatever name. Set by the server.',
    },
  },
}
