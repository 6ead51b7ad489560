/** A kind for the tests, and objects of it. */
export const itemDefinition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: items.inventory.k1s.dev
spec:
  group: inventory.k1s.dev
  scope: Namespaced
  names: {plural: items, singular: item, kind: Item, shortNames: [it], categories: [all]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources:
      status: {}
      scale: {specReplicasPath: .spec.quantity, statusReplicasPath: .status.sold}
    additionalPrinterColumns:
    - {name: Brand, type: string, jsonPath: .spec.brand}
    - {name: Quantity, type: integer, jsonPath: .spec.quantity}
    - {name: Shelf, type: string, jsonPath: .spec.shelf, priority: 1}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            required: [brand]
            properties:
              brand: {type: string}
              quantity: {type: integer, minimum: 0, default: 1}
              shelf: {type: string}
          status:
            type: object
            properties:
              phase: {type: string}
              conditions: {type: array, items: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`

export function item(name: string, spec: object = { brand: 'acme' }, metadata: object = {}): string {
  return `---\n${JSON.stringify({
    apiVersion: 'inventory.k1s.dev/v1',
    kind: 'Item',
    metadata: { name, ...metadata },
    spec,
  })}\n`
}

export function configMap(name: string, data: { [key: string]: string } = {}, metadata: object = {}): string {
  return `---\n${JSON.stringify(configMapObject(name, data, metadata))}\n`
}

export function configMapObject(
  name: string,
  data: { [key: string]: string } = {},
  metadata: object = {},
): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data }
}
