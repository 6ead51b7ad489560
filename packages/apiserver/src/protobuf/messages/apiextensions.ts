import type { Message } from '../message.ts'
import { jsonSchemaProps } from './json-schema-props.ts'
import { objectMeta } from './meta.ts'
import { time } from './well-known.ts'

export const customResourceDefinitionNames: Message = {
  name: 'CustomResourceDefinitionNames',
  fields: {
    plural: [1, 'string', 'always'],
    singular: [2, 'string'],
    shortNames: [3, { listOf: 'string' }],
    kind: [4, 'string', 'always'],
    listKind: [5, 'string'],
    categories: [6, { listOf: 'string' }],
  },
}

export const customResourceValidation: Message = {
  name: 'CustomResourceValidation',
  fields: {
    openAPIV3Schema: [1, jsonSchemaProps, 'pointer'],
  },
}

export const customResourceSubresourceStatus: Message = {
  name: 'CustomResourceSubresourceStatus',
  fields: {},
}

export const customResourceSubresourceScale: Message = {
  name: 'CustomResourceSubresourceScale',
  fields: {
    specReplicasPath: [1, 'string', 'always'],
    statusReplicasPath: [2, 'string', 'always'],
    labelSelectorPath: [3, 'string', 'pointer'],
  },
}

export const customResourceSubresources: Message = {
  name: 'CustomResourceSubresources',
  fields: {
    status: [1, customResourceSubresourceStatus, 'pointer'],
    scale: [2, customResourceSubresourceScale, 'pointer'],
  },
}

export const customResourceColumnDefinition: Message = {
  name: 'CustomResourceColumnDefinition',
  fields: {
    name: [1, 'string', 'always'],
    type: [2, 'string', 'always'],
    format: [3, 'string'],
    description: [4, 'string'],
    priority: [5, 'int32'],
    jsonPath: [6, 'string', 'always'],
  },
}

export const selectableField: Message = {
  name: 'SelectableField',
  fields: {
    jsonPath: [1, 'string', 'always'],
  },
}

export const customResourceDefinitionVersion: Message = {
  name: 'CustomResourceDefinitionVersion',
  fields: {
    name: [1, 'string', 'always'],
    served: [2, 'bool', 'always'],
    storage: [3, 'bool', 'always'],
    deprecated: [7, 'bool'],
    deprecationWarning: [8, 'string', 'pointer'],
    schema: [4, customResourceValidation, 'pointer'],
    subresources: [5, customResourceSubresources, 'pointer'],
    additionalPrinterColumns: [6, { listOf: customResourceColumnDefinition }],
    selectableFields: [9, { listOf: selectableField }],
  },
}

export const serviceReference: Message = {
  name: 'ServiceReference',
  fields: {
    namespace: [1, 'string', 'always'],
    name: [2, 'string', 'always'],
    path: [3, 'string', 'pointer'],
    port: [4, 'int32', 'pointer'],
  },
}

export const webhookClientConfig: Message = {
  name: 'WebhookClientConfig',
  fields: {
    url: [3, 'string', 'pointer'],
    service: [1, serviceReference, 'pointer'],
    caBundle: [2, 'bytes'],
  },
}

export const webhookConversion: Message = {
  name: 'WebhookConversion',
  fields: {
    clientConfig: [2, webhookClientConfig, 'pointer'],
    conversionReviewVersions: [3, { listOf: 'string' }, 'always'],
  },
}

export const customResourceConversion: Message = {
  name: 'CustomResourceConversion',
  fields: {
    strategy: [1, 'string', 'always'],
    webhook: [2, webhookConversion, 'pointer'],
  },
}

export const customResourceDefinitionSpec: Message = {
  name: 'CustomResourceDefinitionSpec',
  fields: {
    group: [1, 'string', 'always'],
    names: [3, customResourceDefinitionNames],
    scope: [4, 'string', 'always'],
    versions: [7, { listOf: customResourceDefinitionVersion }, 'always'],
    conversion: [9, customResourceConversion, 'pointer'],
    preserveUnknownFields: [10, 'bool'],
  },
}

export const customResourceDefinitionCondition: Message = {
  name: 'CustomResourceDefinitionCondition',
  fields: {
    type: [1, 'string', 'always'],
    status: [2, 'string', 'always'],
    lastTransitionTime: [3, time],
    reason: [4, 'string'],
    message: [5, 'string'],
    observedGeneration: [6, 'int64'],
  },
}

export const customResourceDefinitionStatus: Message = {
  name: 'CustomResourceDefinitionStatus',
  fields: {
    conditions: [1, { listOf: customResourceDefinitionCondition }, 'always'],
    acceptedNames: [2, customResourceDefinitionNames],
    storedVersions: [3, { listOf: 'string' }, 'always'],
    observedGeneration: [4, 'int64'],
  },
}

export const customResourceDefinition: Message = {
  name: 'CustomResourceDefinition',
  fields: {
    metadata: [1, objectMeta],
    spec: [2, customResourceDefinitionSpec],
    status: [3, customResourceDefinitionStatus],
  },
}
