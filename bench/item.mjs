import { defineKind } from '@k1s/core'

const schema = {
  type: 'object',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      required: ['description', 'quantity'],
      properties: {
        description: { type: 'string', maxLength: 400 },
        brand: { type: 'string', pattern: '^[a-z]+$' },
        quantity: { type: 'integer', minimum: 0 },
        location: {
          type: 'object',
          properties: {
            building: { type: 'string' },
            room: { type: 'string' },
            shelf: { type: 'integer', default: 1 },
          },
        },
        tags: { type: 'array', items: { type: 'string' } },
      },
    },
    status: {
      type: 'object',
      properties: { phase: { type: 'string', enum: ['Available', 'Reserved', 'Sold'] } },
    },
  },
}

const names = { group: 'inventory.k1s.dev', kind: 'Item', plural: 'items' }
const columns = [{ name: 'Quantity', type: 'integer', jsonPath: '.spec.quantity' }]

/** The kind that is created, read and watched: a custom one with a schema and the status subresource. */
export const Item = defineKind({
  ...names,
  version: 'v1',
  namespaced: true,
  schema,
  subresources: { status: true },
})

/** The same kind as a CustomResourceDefinition, for the command line. */
export const itemDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${names.plural}.${names.group}` },
  spec: {
    group: names.group,
    scope: 'Namespaced',
    names: { kind: names.kind, plural: names.plural },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: schema },
        subresources: { status: {} },
        additionalPrinterColumns: columns,
      },
    ],
  },
}

/** An object of some 600 bytes, as stored. */
export function item(name) {
  return {
    apiVersion: `${names.group}/v1`,
    kind: names.kind,
    metadata: {
      name,
      namespace: 'default',
      labels: { 'app.kubernetes.io/name': 'inventory', brand: 'acme' },
      annotations: { 'inventory.k1s.dev/imported-from': 'warehouse-export-2024-11' },
    },
    spec: {
      description: `A laptop computer with a docking station, listed as ${name}`,
      brand: 'acme',
      quantity: 4,
      location: { building: 'north', room: '4.17', shelf: 3 },
      tags: ['computers', 'portable', 'insured'],
    },
  }
}

/** A name of the same length for every number below a million, in the order of the numbers. */
export function itemName(prefix, number) {
  return `${prefix}-${String(number).padStart(6, '0')}`
}
