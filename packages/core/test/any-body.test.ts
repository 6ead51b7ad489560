import { isStatusError } from '@k1s/apimachinery'
import { createRuntime, type PatchType, type Runtime, type Verb } from '@k1s/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiRequest } from './each-store.ts'
import { itemDefinition } from './kinds.ts'

const targets = [
  { group: '', resource: 'configmaps', kind: 'ConfigMap', namespace: 'default' },
  { group: '', resource: 'secrets', kind: 'Secret', namespace: 'default' },
  { group: '', resource: 'serviceaccounts', kind: 'ServiceAccount', namespace: 'default' },
  { group: '', resource: 'events', kind: 'Event', namespace: 'default' },
  { group: 'events.k8s.io', resource: 'events', kind: 'Event', namespace: 'default' },
  { group: '', resource: 'namespaces', kind: 'Namespace' },
  { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions', kind: 'CustomResourceDefinition' },
  { group: 'inventory.example.com', resource: 'items', kind: 'Item', namespace: 'default' },
] as const

const apiVersionOf = (group: string) => (group === '' ? 'v1' : `${group}/v1`)

/** Names that mean something somewhere, so that generated objects get past the first checks. */
const fieldNames = [
  'metadata',
  'name',
  'generateName',
  'namespace',
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
  'resourceVersion',
  'uid',
  'deletionTimestamp',
  'creationTimestamp',
  'managedFields',
  'generation',
  'spec',
  'status',
  'data',
  'stringData',
  'binaryData',
  'immutable',
  'type',
  'secrets',
  'imagePullSecrets',
  'involvedObject',
  'regarding',
  'series',
  'count',
  'source',
  'eventTime',
  'firstTimestamp',
  'note',
  'message',
  'reason',
  'related',
  'group',
  'names',
  'kind',
  'plural',
  'singular',
  'shortNames',
  'scope',
  'versions',
  'schema',
  'openAPIV3Schema',
  'properties',
  'items',
  'required',
  'conversion',
  'subresources',
  'scale',
  'additionalPrinterColumns',
  'selectableFields',
  'conditions',
  'phase',
  'replicas',
  'quantity',
  'color',
  '__proto__',
  'constructor',
  'toString',
  '',
] as const

const anyJson: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      null,
      true,
      false,
      0,
      -1,
      1.5,
      2 ** 60,
      '',
      'a',
      'a-b',
      'Z',
      '..',
      'v1',
      '2020-01-01T00:00:00Z',
      '\u0000',
      '💥',
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...fieldNames), tie('value'), { maxKeys: 4 }),
  ),
})).value

/** JSON that is often an object of the kind with one or a few broken parts. */
function bodyFor(apiVersion: string, kind: string): fc.Arbitrary<unknown> {
  const metadata = fc.oneof(
    fc.constant({ name: 'a' }),
    fc
      .tuple(fc.dictionary(fc.constantFrom(...fieldNames), anyJson, { maxKeys: 3 }))
      .map(([rest]) => ({ name: 'a', ...rest })),
    anyJson,
  )
  const near = fc
    .tuple(metadata, fc.dictionary(fc.constantFrom(...fieldNames), anyJson, { maxKeys: 5 }))
    .map(([meta, rest]) => ({ ...rest, apiVersion, kind, metadata: meta }))
  return fc.oneof({ weight: 5, arbitrary: near }, { weight: 1, arbitrary: anyJson })
}

const definition = itemDefinition()
/** CustomResourceDefinitions that are valid but for one broken part. */
const brokenDefinition = fc
  .tuple(
    fc.constantFrom('spec', 'names', 'version', 'schema', 'property'),
    fc.dictionary(
      fc.constantFrom(
        ...fieldNames,
        'x-kubernetes-list-type',
        'default',
        'enum',
        'pattern',
        'allOf',
        'not',
        'additionalProperties',
        'format',
        'minimum',
        'x-kubernetes-validations',
      ),
      anyJson,
      { maxKeys: 3 },
    ),
  )
  .map(([part, fields]) => {
    const copy = structuredClone(definition)
    const version = copy.spec.versions[0]!
    const schema = (version.schema as { openAPIV3Schema: { properties: { spec: { properties: object } } } })
      .openAPIV3Schema
    if (part === 'spec') Object.assign(copy.spec, fields)
    else if (part === 'names') Object.assign(copy.spec.names, fields)
    else if (part === 'version') Object.assign(version, fields)
    else if (part === 'schema') Object.assign(schema, fields)
    else Object.assign(schema.properties.spec.properties, { more: fields })
    return copy as unknown
  })

const patchTypes: PatchType[] = ['application/json-patch+json', 'application/merge-patch+json']

const anyPatch = fc.oneof(
  anyJson,
  fc.array(
    fc.record(
      {
        op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'),
        path: fc
          .array(fc.constantFrom(...fieldNames, '-', '0'), { maxLength: 3 })
          .map((tokens) => tokens.map((token) => `/${token}`).join('')),
        from: fc.constantFrom('/metadata', '/metadata/name', '', '/spec'),
        value: anyJson,
      },
      { requiredKeys: ['op', 'path'] },
    ),
    { maxLength: 3 },
  ),
)

describe('whatever JSON comes is answered, or refused with a StatusError below 500', () => {
  let runtime: Runtime
  beforeAll(async () => {
    runtime = await createRuntime({ storage: { type: 'memory' } })
  })
  afterAll(() => runtime.close())

  async function send(verb: Verb, target: (typeof targets)[number], rest: object): Promise<void> {
    const { kind: _, ...place } = target
    try {
      const answer = await runtime.transport.request(apiRequest({ verb, ...place, ...rest }))
      expect(answer.code).toBeLessThan(300)
    } catch (error) {
      if (!isStatusError(error)) throw error
      expect(error.code, error.stack).toBeLessThan(500)
      expect(error.message).not.toMatch(/undefined|\[object Object\]|NaN/)
    }
  }

  /** The object that updates and patches are about. */
  async function put(target: (typeof targets)[number]): Promise<void> {
    const { group, kind, resource } = target
    const isDefinition = resource === 'customresourcedefinitions'
    const body = isDefinition
      ? itemDefinition()
      : {
          apiVersion: apiVersionOf(group),
          kind,
          metadata: { name: 'a' },
          ...(group === 'events.k8s.io' && {
            eventTime: '2020-01-01T00:00:00.000000Z',
            type: 'Normal',
            reason: 'r',
            action: 'a',
            reportingController: 'c',
            reportingInstance: 'i',
          }),
        }
    await send('create', target, { body })
  }

  const nameOf = (resource: string) =>
    resource === 'customresourcedefinitions' ? 'items.inventory.example.com' : 'a'

  test.each(targets)('create, update and patch of $group/$resource', async (target) => {
    await put(targets[6])
    await put(target)
    const apiVersion = apiVersionOf(target.group)
    const name = nameOf(target.resource)
    const body =
      target.resource === 'customresourcedefinitions'
        ? fc.oneof(bodyFor(apiVersion, target.kind), brokenDefinition)
        : bodyFor(apiVersion, target.kind)
    const subresource = fc.constantFrom(
      undefined,
      undefined,
      'status',
      ...(target.kind === 'Item' ? ['scale'] : []),
    )
    await fc.assert(
      fc.asyncProperty(
        body,
        anyPatch,
        fc.constantFrom(...patchTypes),
        subresource,
        fc.boolean(),
        async (object, patch, patchType, sub, dry) => {
          const options = dry ? { dryRun: ['All'] } : {}
          const at = { name, ...(sub !== undefined && { subresource: sub }), options }
          await send('create', target, { body: object, options })
          await send('update', target, { ...at, body: object })
          await send('patch', target, { ...at, body: patch, patchType })
          await send('patch', target, { ...at, body: object, patchType: 'application/merge-patch+json' })
        },
      ),
      { numRuns: 60 },
    )
  })

  test('what was stored can be listed, printed and deleted', async () => {
    for (const target of targets) {
      await send('list', target, {})
      await send('list', target, { options: { as: 'Table' } })
      if (target.resource !== 'namespaces') await send('deletecollection', target, {})
    }
  })
})
