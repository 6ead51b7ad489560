import type { KubernetesObject } from '@k1s/apimachinery'

/** A CustomResourceDefinition of a kind with one field. */
export function definitionOf(plural: string, kind: string): KubernetesObject {
  const schema = {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        description: `What a ${kind} is to be.`,
        properties: { size: { type: 'integer', description: 'In metres.' } },
      },
    },
  }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.garden.example.com` },
    spec: {
      group: 'garden.example.com',
      scope: 'Namespaced',
      names: { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  } as KubernetesObject
}
