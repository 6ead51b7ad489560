import type { Condition, KubernetesObject } from '@k1s/apimachinery'
import type { JSONSchemaProps } from '../schema/json-schema-props.ts'

/** `CustomResourceDefinition` of `apiextensions.k8s.io/v1`. */
export interface CustomResourceDefinition extends KubernetesObject {
  spec: CustomResourceDefinitionSpec
  status?: CustomResourceDefinitionStatus
}

export interface CustomResourceDefinitionSpec {
  group: string
  names: CustomResourceDefinitionNames
  scope: 'Namespaced' | 'Cluster'
  versions: CustomResourceDefinitionVersion[]
  conversion?: CustomResourceConversion
  preserveUnknownFields?: boolean
}

export interface CustomResourceDefinitionNames {
  plural: string
  singular?: string
  shortNames?: string[]
  kind: string
  listKind?: string
  categories?: string[]
}

export interface CustomResourceDefinitionVersion {
  name: string
  served: boolean
  storage: boolean
  deprecated?: boolean
  deprecationWarning?: string
  schema?: { openAPIV3Schema?: JSONSchemaProps }
  subresources?: CustomResourceSubresources
  additionalPrinterColumns?: CustomResourceColumnDefinition[]
  selectableFields?: SelectableField[]
}

export interface CustomResourceSubresources {
  status?: { [field: string]: never }
  scale?: { specReplicasPath: string; statusReplicasPath: string; labelSelectorPath?: string }
}

export interface CustomResourceColumnDefinition {
  name: string
  type: string
  format?: string
  description?: string
  priority?: number
  jsonPath: string
}

export interface SelectableField {
  jsonPath: string
}

export interface CustomResourceConversion {
  strategy: 'None' | 'Webhook'
  webhook?: { [field: string]: unknown }
}

export interface CustomResourceDefinitionStatus {
  conditions?: Condition[]
  acceptedNames?: CustomResourceDefinitionNames
  storedVersions?: string[]
  observedGeneration?: number
}
