const words =
  'the desired state of a workload in the cluster with its selector, template, strategy and status conditions as the controller last observed them when it reconciled resources of this kind more info in the API conventions'.split(
    ' ',
  )

/** Numbers that look random and are the same in every run: a linear congruential generator. */
function numbersFrom(seed) {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state % below
  }
}

/**
 * A CustomResourceDefinition the size of those that operators install: 100 to 400 kB of JSON, most of it nested
 * object schemas with descriptions.
 */
export function largeDefinition(number) {
  const random = numbersFrom(number + 1)
  const target = 100_000 + random(300_000)
  const kind = `Workload${number}`
  const plural = `workload${number}s`
  const group = `team${number % 20}.bench.k1s.dev`
  const spec = { type: 'object', description: sentence(random, 20), properties: {} }
  let size = 0
  for (let field = 0; size < target; field++) {
    const property = objectSchema(random, 3)
    spec.properties[`field${field}`] = property
    size += JSON.stringify(property).length
  }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      annotations: { 'controller-gen.kubebuilder.io/version': 'v0.16.0' },
    },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        kind,
        plural,
        listKind: `${kind}List`,
        shortNames: [`wl${number}`],
        categories: ['workloads'],
      },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [
            { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
            { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
          ],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: sentence(random, 20),
              properties: { spec, status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
            },
          },
        },
      ],
    },
  }
}

function sentence(random, length) {
  return Array.from({ length: length + random(length) }, () => words[random(words.length)]).join(' ')
}

function objectSchema(random, depth) {
  const properties = {}
  for (let index = 0; index < 4 + random(5); index++) {
    const description = sentence(random, 12)
    const shape = random(depth > 0 ? 6 : 4)
    properties[`${['name', 'count', 'enabled', 'values', 'settings', 'items'][shape]}${index}`] = {
      description,
      ...(shape === 0 && { type: 'string', maxLength: 253, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' }),
      ...(shape === 1 && { type: 'integer', format: 'int32', minimum: 0 }),
      ...(shape === 2 && { type: 'boolean' }),
      ...(shape === 3 && { type: 'array', items: { type: 'string' } }),
      ...(shape === 4 && objectSchema(random, depth - 1)),
      ...(shape === 5 && { type: 'array', items: objectSchema(random, depth - 1) }),
    }
  }
  return { type: 'object', description: sentence(random, 12), properties }
}
