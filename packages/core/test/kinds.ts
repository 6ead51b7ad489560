import type { Unstructured } from '@k1s/apimachinery'
import { defineKind, type Kind, type OpenAPIV3Schema } from '@k1s/core'

export interface ConfigMap extends Unstructured {
  data?: { [key: string]: string }
  binaryData?: { [key: string]: string }
  immutable?: boolean
}

export interface Secret extends Unstructured {
  data?: { [key: string]: string }
  stringData?: { [key: string]: string }
  type?: string
  immutable?: boolean
}

export interface Item extends Unstructured {
  spec?: { quantity?: number; color?: string; [field: string]: unknown }
  status?: { phase?: string; quantity?: number; selector?: string }
}

const core = (kind: string, plural: string, namespaced: boolean) => ({
  group: '',
  version: 'v1',
  kind,
  plural,
  namespaced,
})

export const ConfigMaps: Kind<ConfigMap> = core('ConfigMap', 'configmaps', true)
export const Secrets: Kind<Secret> = core('Secret', 'secrets', true)
export const ServiceAccounts: Kind = core('ServiceAccount', 'serviceaccounts', true)
export const Events: Kind = core('Event', 'events', true)
export const EventsEvents: Kind = { ...Events, group: 'events.k8s.io' }
export const Namespaces: Kind = core('Namespace', 'namespaces', false)
export const CustomResourceDefinitions: Kind<CustomResourceDefinition> = {
  ...core('CustomResourceDefinition', 'customresourcedefinitions', false),
  group: 'apiextensions.k8s.io',
}
export const Items: Kind<Item> = { ...core('Item', 'items', true), group: 'inventory.example.com' }

/** To be registered or defined, without a schema. */
export const Note = defineKind({
  group: 'inventory.example.com',
  version: 'v1',
  kind: 'Note',
  plural: 'notes',
  namespaced: false,
})
export const note = {
  apiVersion: 'inventory.example.com/v1',
  kind: 'Note',
  metadata: { name: 'a' },
  any: [{ thing: null }],
}

type Fields<T> = Partial<Omit<T, 'apiVersion' | 'kind' | 'metadata'>> &
  Pick<Partial<T & Unstructured>, 'metadata'>

function object<T extends Unstructured>(kind: Kind, name: string, { metadata, ...fields }: Fields<T>): T {
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`
  return { apiVersion, kind: kind.kind, metadata: { name, ...metadata }, ...fields } as unknown as T
}

export const configMap = (name: string, fields: Fields<ConfigMap> = {}) =>
  object<ConfigMap>(ConfigMaps, name, fields)
export const secret = (name: string, fields: Fields<Secret> = {}) => object<Secret>(Secrets, name, fields)
export const namespace = (name: string, fields: Fields<Unstructured> = {}) =>
  object<Unstructured>(Namespaces, name, fields)
export const item = (name: string, fields: Fields<Item> = {}) => object<Item>(Items, name, fields)

export const itemSchema: OpenAPIV3Schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        quantity: { type: 'integer', minimum: 0 },
        color: { type: 'string', default: 'grey' },
        tags: { type: 'array', items: { type: 'string' } },
      },
    },
    status: {
      type: 'object',
      properties: {
        phase: { type: 'string' },
        quantity: { type: 'integer' },
        selector: { type: 'string' },
      },
    },
  },
}

export interface CustomResourceDefinition extends Unstructured {
  spec: {
    group: string
    names: { [name: string]: unknown; kind: string; plural: string }
    scope: string
    conversion?: object
    versions: CustomResourceDefinitionVersion[]
  }
  status?: {
    conditions: { type: string; status: string; reason: string; message: string }[]
    acceptedNames: { plural: string }
    storedVersions: string[]
  }
}

export interface CustomResourceDefinitionVersion {
  name: string
  served: boolean
  storage: boolean
  [field: string]: unknown
}

/** The definition of {@link Items}. */
export function itemDefinition(
  version: Partial<CustomResourceDefinitionVersion> = {},
  names: { [name: string]: unknown } = {},
): CustomResourceDefinition {
  const group = 'inventory.example.com'
  const allNames = { kind: 'Item', plural: 'items', ...names } as CustomResourceDefinition['spec']['names']
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${allNames.plural}.${group}` },
    spec: {
      group,
      names: allNames,
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: itemSchema },
          subresources: {
            status: {},
            scale: {
              specReplicasPath: '.spec.quantity',
              statusReplicasPath: '.status.quantity',
              labelSelectorPath: '.status.selector',
            },
          },
          ...version,
        },
      ],
    },
  }
}
