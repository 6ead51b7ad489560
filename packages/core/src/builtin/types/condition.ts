import type { GoStruct } from '../../schema/go-type.ts'

export const condition: GoStruct = {
  name: 'Condition',
  package: 'io.k8s.apimachinery.pkg.apis.meta.v1',
  description: "One aspect of an object's state.",
  fields: {
    lastTransitionTime: { type: 'time', description: 'When the status last changed.', required: true },
    message: {
      type: 'string',
      description: 'Details of the last change, for people to read. May be empty.',
      required: true,
      default: '',
    },
    observedGeneration: {
      type: 'int64',
      description: 'The metadata.generation that the condition was computed for.',
    },
    reason: {
      type: 'string',
      description: 'Why the status last changed, as one word in CamelCase.',
      required: true,
      default: '',
    },
    status: { type: 'string', description: 'True, False or Unknown.', required: true, default: '' },
    type: {
      type: 'string',
      description: 'Which condition it is, in CamelCase.',
      required: true,
      default: '',
    },
  },
}
