import type { GoStruct } from '../../schema/go-type.ts'

export const labelSelectorRequirement: GoStruct = {
  name: 'LabelSelectorRequirement',
  package: 'io.k8s.apimachinery.pkg.apis.meta.v1',
  description: 'One requirement of a selector on a label.',
  fields: {
    key: { type: 'string', description: 'The key of the label.', required: true, default: '' },
    operator: {
      type: 'string',
      description: 'How the label relates to the values: In, NotIn, Exists or DoesNotExist.',
      required: true,
      default: '',
    },
    values: {
      type: { listOf: 'string' },
      description: 'The values for In and NotIn. Must be empty for the others.',
      listType: 'atomic',
    },
  },
}

export const labelSelector: GoStruct = {
  name: 'LabelSelector',
  package: 'io.k8s.apimachinery.pkg.apis.meta.v1',
  description:
    'Selects objects by their labels; all requirements must hold. An empty selector matches everything.',
  mapType: 'atomic',
  fields: {
    matchExpressions: {
      type: { listOf: labelSelectorRequirement },
      description: 'Requirements with an operator.',
      listType: 'atomic',
    },
    matchLabels: {
      type: { mapOf: 'string' },
      description: 'Labels that objects must have with exactly these values.',
    },
  },
}
