import type { GoStruct } from '../../schema/go-type.ts'
import { jsonSchemaProps } from './json-schema-props.ts'

export const customResourceValidation: GoStruct = {
  name: 'CustomResourceValidation',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description: 'How objects look.',
  fields: {
    openAPIV3Schema: { type: jsonSchemaProps, description: 'The OpenAPI v3 schema of an object.' },
  },
}

export const customResourceSubresourceStatus: GoStruct = {
  name: 'CustomResourceSubresourceStatus',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description: 'How the status subresource behaves. It has no settings.',
  fields: {},
}

export const customResourceSubresourceScale: GoStruct = {
  name: 'CustomResourceSubresourceScale',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description: 'How the scale subresource finds its values.',
  fields: {
    labelSelectorPath: {
      type: 'string',
      description:
        'The JSON path below .status or .spec of the selector that Scale shows as status.selector.',
    },
    specReplicasPath: {
      type: 'string',
      description: 'The JSON path below .spec of the number that Scale shows as spec.replicas.',
      required: true,
      default: '',
    },
    statusReplicasPath: {
      type: 'string',
      description: 'The JSON path below .status of the number that Scale shows as status.replicas.',
      required: true,
      default: '',
    },
  },
}

export const customResourceSubresources: GoStruct = {
  name: 'CustomResourceSubresources',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description: 'Subresources of a version.',
  fields: {
    scale: {
      type: customResourceSubresourceScale,
      description: 'Turns the scale subresource on, which shows an autoscaling/v1 Scale.',
    },
    status: {
      type: customResourceSubresourceStatus,
      description: 'Turns the status subresource on, which parts status from the rest of the object.',
    },
  },
}

export const customResourceColumnDefinition: GoStruct = {
  name: 'CustomResourceColumnDefinition',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description: 'A column of a printed list.',
  fields: {
    description: { type: 'string', description: 'What the column shows, for people to read.' },
    format: {
      type: 'string',
      description: 'A format of OpenAPI. "name" marks the column with the identifier.',
    },
    jsonPath: {
      type: 'string',
      description: 'The JSON path that is evaluated in each object.',
      required: true,
      default: '',
    },
    name: { type: 'string', description: 'The heading.', required: true, default: '' },
    priority: {
      type: 'int32',
      description: 'Columns above 0 are only shown where there is room, as with -o wide.',
    },
    type: {
      type: 'string',
      description: 'A type of OpenAPI: integer, number, string, boolean or date.',
      required: true,
      default: '',
    },
  },
}

export const selectableField: GoStruct = {
  name: 'SelectableField',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description: 'A field that field selectors may use.',
  fields: {
    jsonPath: {
      type: 'string',
      description: 'A simple JSON path to a text, a number or a bool, such as ".spec.color".',
      required: true,
      default: '',
    },
  },
}

export const customResourceDefinitionVersion: GoStruct = {
  name: 'CustomResourceDefinitionVersion',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description: 'One version of a resource.',
  fields: {
    additionalPrinterColumns: {
      type: { listOf: customResourceColumnDefinition },
      description:
        'Columns of the table that a list is printed as. Without them there is a column for the age.',
      listType: 'atomic',
    },
    deprecated: {
      type: 'bool',
      description: 'If true, every request to this version is answered with a warning.',
    },
    deprecationWarning: { type: 'string', description: 'The text of that warning. Needs deprecated.' },
    name: {
      type: 'string',
      description: 'Name of the version, such as "v1" or "v2beta1".',
      required: true,
      default: '',
    },
    schema: { type: customResourceValidation, description: 'How objects of this version look.' },
    selectableFields: {
      type: { listOf: selectableField },
      description: 'Fields that field selectors may use. At most 8.',
      listType: 'atomic',
    },
    served: {
      type: 'bool',
      description: 'Whether this version can be asked for.',
      required: true,
      default: false,
    },
    storage: {
      type: 'bool',
      description: 'Whether objects are stored in this version. Exactly one is.',
      required: true,
      default: false,
    },
    subresources: { type: customResourceSubresources, description: 'Subresources of this version.' },
  },
}
