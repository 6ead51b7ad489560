import type { KubernetesObject } from '@k1s/apimachinery'
import { defineKind } from '@k1s/core'

export interface Item extends KubernetesObject {
  spec: { category: string; quantity: number }
  status?: { conditions?: object[]; ready?: boolean }
}

export const Item = defineKind<Item>({
  group: 'inventory.k1s.dev',
  version: 'v1',
  kind: 'Item',
  plural: 'items',
  namespaced: true,
  subresources: { status: true },
})

export const item = (name: string, fields: Partial<Item> & { metadata?: object } = {}): Item => ({
  apiVersion: 'inventory.k1s.dev/v1',
  kind: 'Item',
  spec: { category: 'tools', quantity: 1 },
  ...fields,
  metadata: { name, ...fields.metadata },
})

export const ConfigMap = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
}

export const configMap = (name: string, metadata: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
})

export const itemDefinition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: items.inventory.k1s.dev
spec:
  group: inventory.k1s.dev
  scope: Namespaced
  names: { plural: items, singular: item, kind: Item, listKind: ItemList }
  versions:
    - name: v1
      served: true
      storage: true
      subresources: { status: {} }
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                category: { type: string }
                quantity: { type: integer, minimum: 0 }
            status:
              type: object
              properties:
                ready: { type: boolean }
                conditions: { type: array, items: { type: object, x-kubernetes-preserve-unknown-fields: true } }
`
