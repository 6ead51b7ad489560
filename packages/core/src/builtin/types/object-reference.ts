import type { GoStruct } from '../../schema/go-type.ts'

export const localObjectReference: GoStruct = {
  name: 'LocalObjectReference',
  package: 'io.k8s.api.core.v1',
  description: 'Points to an object in the same namespace.',
  mapType: 'atomic',
  fields: {
    name: { type: 'string', description: 'Name of the object.', default: '' },
  },
}

export const objectReference: GoStruct = {
  name: 'ObjectReference',
  package: 'io.k8s.api.core.v1',
  description: 'Points to another object, or a part of one.',
  mapType: 'atomic',
  fields: {
    apiVersion: { type: 'string', description: 'API version of the object.' },
    fieldPath: {
      type: 'string',
      description:
        'The part of the object that is meant, such as "spec.containers{name}". Empty for the whole.',
    },
    kind: { type: 'string', description: 'Kind of the object.' },
    name: { type: 'string', description: 'Name of the object.' },
    namespace: { type: 'string', description: 'Namespace of the object.' },
    resourceVersion: {
      type: 'string',
      description: 'The version of the object that is meant, if a particular one is.',
    },
    uid: { type: 'string', description: 'UID of the object.' },
  },
}
