import type { GoStruct } from '../../schema/go-type.ts'
import { customResourceDefinitionVersion } from './custom-resource-definition-version.ts'
import { objectMetadata, typeMeta } from './object-fields.ts'

export const customResourceDefinitionNames: GoStruct = {
  name: 'CustomResourceDefinitionNames',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description: 'Names of a resource and its kind.',
  fields: {
    categories: {
      type: { listOf: 'string' },
      description: 'Groups of resources that it is a part of, such as "all".',
      listType: 'atomic',
    },
    kind: {
      type: 'string',
      description: 'Kind of the objects: singular, in CamelCase.',
      required: true,
      default: '',
    },
    listKind: { type: 'string', description: 'Kind of lists. Defaults to the kind with "List" at its end.' },
    plural: {
      type: 'string',
      description: 'Name of the resource in the API: plural, all lowercase.',
      required: true,
      default: '',
    },
    shortNames: {
      type: { listOf: 'string' },
      description: 'Short names for the command line, all lowercase.',
      listType: 'atomic',
    },
    singular: {
      type: 'string',
      description: 'Name of one object: singular, all lowercase. Defaults to the kind in lowercase.',
    },
  },
}

export const serviceReference: GoStruct = {
  name: 'ServiceReference',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description: 'A service in the cluster.',
  fields: {
    name: { type: 'string', description: 'Name of the service. Required.', required: true, default: '' },
    namespace: {
      type: 'string',
      description: 'Namespace of the service. Required.',
      required: true,
      default: '',
    },
    path: { type: 'string', description: 'The path to call.' },
    port: { type: 'int32', description: 'The port to call. Defaults to 443.' },
  },
}

export const webhookClientConfig: GoStruct = {
  name: 'WebhookClientConfig',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description: 'How a service is called.',
  fields: {
    caBundle: {
      type: 'bytes',
      description: "Certificates in PEM that the service's own is checked against.",
    },
    service: { type: serviceReference, description: 'The service, if it runs in the cluster. Excludes url.' },
    url: { type: 'string', description: 'The address, as scheme://host:port/path. Excludes service.' },
  },
}

export const webhookConversion: GoStruct = {
  name: 'WebhookConversion',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description: 'A service that converts objects.',
  fields: {
    clientConfig: { type: webhookClientConfig, description: 'How the service is called.' },
    conversionReviewVersions: {
      type: { listOf: 'string' },
      description: 'Versions of ConversionReview that the service understands, best first.',
      required: true,
      listType: 'atomic',
    },
  },
}

export const customResourceConversion: GoStruct = {
  name: 'CustomResourceConversion',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description: 'How objects are converted between versions.',
  fields: {
    strategy: {
      type: 'string',
      description: 'None changes the apiVersion only; Webhook asks a service.',
      required: true,
      default: '',
    },
    webhook: { type: webhookConversion, description: 'The service to ask. Required for Webhook.' },
  },
}

export const customResourceDefinitionSpec: GoStruct = {
  name: 'CustomResourceDefinitionSpec',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description: 'A resource and how its objects look.',
  fields: {
    conversion: {
      type: customResourceConversion,
      description: 'How objects are converted between versions.',
    },
    group: { type: 'string', description: 'API group of the resource.', required: true, default: '' },
    names: {
      type: customResourceDefinitionNames,
      description: 'Names of the resource and its kind.',
      required: true,
      default: {},
    },
    preserveUnknownFields: {
      type: 'bool',
      description: 'Superseded by x-kubernetes-preserve-unknown-fields in schemas; must be false.',
    },
    scope: {
      type: 'string',
      description: 'Whether objects are in namespaces: Namespaced or Cluster.',
      required: true,
      default: '',
    },
    versions: {
      type: { listOf: customResourceDefinitionVersion },
      description: 'The versions of the resource. Their names decide the order in which they are preferred.',
      required: true,
      listType: 'atomic',
    },
  },
}

export const customResourceDefinitionCondition: GoStruct = {
  name: 'CustomResourceDefinitionCondition',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description: "One aspect of a definition's state.",
  fields: {
    lastTransitionTime: { type: 'time', description: 'When the status last changed.' },
    message: { type: 'string', description: 'Details of the last change, for people to read.' },
    observedGeneration: {
      type: 'int64',
      description: 'The metadata.generation that the condition was computed for.',
    },
    reason: { type: 'string', description: 'Why the status last changed, as one word in CamelCase.' },
    status: { type: 'string', description: 'True, False or Unknown.', required: true, default: '' },
    type: {
      type: 'string',
      description:
        'Which condition it is: Established, NamesAccepted, NonStructuralSchema, Terminating and others.',
      required: true,
      default: '',
    },
  },
}

export const customResourceDefinitionStatus: GoStruct = {
  name: 'CustomResourceDefinitionStatus',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description: 'The state of a definition.',
  fields: {
    acceptedNames: {
      type: customResourceDefinitionNames,
      description: 'The names that are in use, which may differ from the wanted ones after a conflict.',
      default: {},
    },
    conditions: {
      type: { listOf: customResourceDefinitionCondition },
      description: "Aspects of the definition's state.",
      listType: 'map',
      listMapKeys: ['type'],
    },
    observedGeneration: {
      type: 'int64',
      description: 'The metadata.generation that the state was found for.',
    },
    storedVersions: {
      type: { listOf: 'string' },
      description: 'All versions that objects were ever stored in.',
      listType: 'atomic',
    },
  },
}

export const customResourceDefinition: GoStruct = {
  name: 'CustomResourceDefinition',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description:
    'A resource that is added to the API. Its name is that of the resource and its group: names.plural.group.',
  fields: {
    ...typeMeta,
    metadata: objectMetadata,
    spec: {
      type: customResourceDefinitionSpec,
      description: 'The resource and how its objects look.',
      required: true,
      default: {},
    },
    status: {
      type: customResourceDefinitionStatus,
      description: 'The state of the definition. Set by the system.',
      default: {},
    },
  },
}
