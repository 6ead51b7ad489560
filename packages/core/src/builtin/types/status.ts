import type { GoStruct } from '../../schema/go-type.ts'
import { listMetadata, typeMeta } from './object-fields.ts'

export const statusCause: GoStruct = {
  name: 'StatusCause',
  package: 'io.k8s.apimachinery.pkg.apis.meta.v1',
  description: 'One error among the causes of a failure.',
  fields: {
    field: {
      type: 'string',
      description: 'The path of the field that is at fault, such as "spec.replicas" or "items[0].name".',
    },
    message: { type: 'string', description: 'What is wrong, for people to read.' },
    reason: { type: 'string', description: 'What is wrong, in one word for programs to read.' },
  },
}

export const statusDetails: GoStruct = {
  name: 'StatusDetails',
  package: 'io.k8s.apimachinery.pkg.apis.meta.v1',
  description: 'What a failure was about.',
  fields: {
    causes: {
      type: { listOf: statusCause },
      description: 'The single errors, such as one for each invalid field.',
      listType: 'atomic',
    },
    group: { type: 'string', description: 'API group of the object that was asked for.' },
    kind: { type: 'string', description: 'Kind or resource of the object that was asked for.' },
    name: { type: 'string', description: 'Name of the object that was asked for.' },
    retryAfterSeconds: {
      type: 'int32',
      description: 'Seconds to wait before the request is worth repeating.',
    },
    uid: { type: 'string', description: 'UID of the object, if there is one.' },
  },
}

export const status: GoStruct = {
  name: 'Status',
  package: 'io.k8s.apimachinery.pkg.apis.meta.v1',
  description: 'The answer to a request that does not return an object.',
  fields: {
    ...typeMeta,
    code: { type: 'int32', description: 'The HTTP status code.' },
    details: {
      type: statusDetails,
      description: 'More about the cause, by which a program can tell what to do.',
    },
    message: { type: 'string', description: 'What happened, for people to read.' },
    metadata: listMetadata,
    reason: { type: 'string', description: 'Why the operation failed, in one word for programs to read.' },
    status: { type: 'string', description: '"Success" or "Failure".' },
  },
}
