import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Unstructured } from '@k1s/apimachinery'
import { decodeYaml } from '@k1s/apimachinery/yaml'
import { createRuntime, defineKind, mergePatch, type Runtime } from '@k1s/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** A definition with the schemas that the builder of Kubernetes makes of it, descriptions of metadata left out. */
interface Texts {
  definition: Unstructured
  v3: object
  v2: object
}

interface Json {
  [key: string]: Json
}

const texts: Texts = JSON.parse(readFileSync(new URL('openapi-texts.json', import.meta.url), 'utf8'))

let runtime: Runtime
const ask = async (path: string, options?: { aggregated: boolean }) =>
  (await runtime.transport.describe!('default', path, options)) as unknown as Json

beforeAll(async () => {
  runtime = await createRuntime({ storage: { type: 'memory' } })
  runtime.registerAPI(
    defineKind({
      group: 'garage.example.com',
      version: 'v1',
      kind: 'Robot',
      plural: 'robots',
      namespaced: false,
      subresources: { status: true },
      schema: {
        type: 'object',
        properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    }),
    defineKind({
      group: 'garage.example.com',
      version: 'v1',
      kind: 'Bolt',
      plural: 'bolts',
      namespaced: true,
    }),
  )
  await runtime.client.create(texts.definition)
})
afterAll(() => runtime.close())

describe('discovery', () => {
  test('the list of the core group has no apiVersion, others have v1', async () => {
    expect(await ask('/api/v1')).not.toHaveProperty('apiVersion')
    expect(await ask('/apis/coordination.k8s.io/v1')).toHaveProperty('apiVersion', 'v1')
  })

  test('lists groups by the priority of Kubernetes, others by name, and versions by preference', async () => {
    const { kind, apiVersion, groups } = await ask('/apis')
    expect([kind, apiVersion]).toEqual(['APIGroupList', 'v1'])
    const names = (groups as unknown as Json[]).map(({ name }) => name)
    expect(names.indexOf('events.k8s.io' as never)).toBe(0)
    expect(names.slice(-2)).toEqual(['example.com', 'garage.example.com'])
    expect(names.indexOf('apiextensions.k8s.io' as never)).toBeLessThan(names.length - 2)
    expect((groups as unknown as Json[]).at(-2)).toEqual({
      name: 'example.com',
      versions: [
        { groupVersion: 'example.com/v1', version: 'v1' },
        { groupVersion: 'example.com/v1beta1', version: 'v1beta1' },
      ],
      preferredVersion: { groupVersion: 'example.com/v1', version: 'v1' },
    })
    expect(await ask('/apis/example.com')).toMatchObject({
      kind: 'APIGroup',
      apiVersion: 'v1',
      name: 'example.com',
    })
    expect(await ask('/api')).toMatchObject({ kind: 'APIVersions', versions: ['v1'] })
  })

  test('lists resources with verbs, names and subresources', async () => {
    const { groupVersion, resources } = await ask('/apis/example.com/v1')
    expect(groupVersion).toBe('example.com/v1')
    const subresourceVerbs = ['get', 'patch', 'update']
    expect(resources).toEqual([
      {
        name: 'edges',
        singularName: 'edge',
        namespaced: true,
        kind: 'Edge',
        verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
        shortNames: ['eg'],
        categories: ['all'],
        storageVersionHash: 'Yq5yylbyv3o=',
      },
      { name: 'edges/status', singularName: '', namespaced: true, kind: 'Edge', verbs: subresourceVerbs },
      {
        name: 'edges/scale',
        singularName: '',
        namespaced: true,
        group: 'autoscaling',
        version: 'v1',
        kind: 'Scale',
        verbs: subresourceVerbs,
      },
    ])
    const core = (await ask('/api/v1')).resources as unknown as Json[]
    expect(core.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['configmaps', 'namespaces', 'namespaces/status']),
    )
    expect(core.find(({ name }) => (name as unknown) === 'namespaces')?.verbs).not.toContain(
      'deletecollection',
    )
  })

  test('is aggregated for who asks for that', async () => {
    const { kind, apiVersion, items } = await ask('/apis', { aggregated: true })
    expect([kind, apiVersion]).toEqual(['APIGroupDiscoveryList', 'apidiscovery.k8s.io/v2'])
    const group = (items as unknown as Json[]).find(
      ({ metadata }) => (metadata!.name as unknown) === 'example.com',
    )
    expect(group).toMatchObject({
      versions: [
        {
          version: 'v1',
          freshness: 'Current',
          resources: [
            {
              resource: 'edges',
              singularResource: 'edge',
              scope: 'Namespaced',
              responseKind: { group: 'example.com', version: 'v1', kind: 'Edge' },
              subresources: [
                { subresource: 'status', responseKind: { kind: 'Edge' } },
                {
                  subresource: 'scale',
                  responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
                },
              ],
            },
          ],
        },
        { version: 'v1beta1', resources: [{ resource: 'edges' }] },
      ],
    })
    const [core, ...others] = (await ask('/api', { aggregated: true })).items as unknown as Json[]
    expect(others).toEqual([])
    expect(core).toMatchObject({ metadata: {}, versions: [{ version: 'v1', freshness: 'Current' }] })
  })

  test('takes the writing verbs of a terminating definition away', async () => {
    const name = 'edges.example.com'
    const definition = await runtime.client.get(definitionKind, { name })
    await runtime.client.patch(definition, mergePatch({ metadata: { finalizers: ['example.com/hold'] } }))
    await runtime.client.delete(definitionKind, { name })
    const { resources } = await ask('/apis/example.com/v1')
    expect((resources as unknown as Json[])[0]?.verbs).toEqual([
      'delete',
      'deletecollection',
      'get',
      'list',
      'watch',
    ])
  })

  test.each([
    '/',
    '/apis/',
    '/apis/none.example.com',
    '/apis/example.com/v9',
    '/openapi/v3/api/v9',
    '/openapi/v4',
  ])('knows no %s', async (path) => {
    await expect(ask(path)).rejects.toThrow('the server could not find the requested resource')
  })
})

const definitionKind = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
}

/** Without the descriptions of apiVersion, kind and metadata. */
function withoutOwnWords(value: unknown, isProperties = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutOwnWords(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const cleaned = withoutOwnWords(inner, name === 'properties' && !isProperties)
      if (!isProperties || !/^(?:apiVersion|kind|metadata)$/.test(name)) return [name, cleaned]
      const { description: _, ...rest } = cleaned as { description?: string }
      return [name, rest]
    }),
  )
}

/** All `$ref`s, and those that lead nowhere. */
function references(document: object): { all: string[]; dangling: string[] } {
  const all = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!)
  const dangling = all.filter((ref) => {
    let found: unknown = document
    for (const name of ref.slice(2).split('/')) found = (found as Json | undefined)?.[name]
    return found === undefined
  })
  return { all, dangling }
}

describe('OpenAPI', () => {
  test('v3 publishes a schema as Kubernetes does', async () => {
    const { components } = await ask('/openapi/v3/apis/example.com/v1')
    expect(withoutOwnWords(components!.schemas!['com.example.v1.Edge'])).toEqual(texts.v3)
  })

  test('v2 publishes what it can say of it', async () => {
    const { definitions } = await ask('/openapi/v2')
    expect(withoutOwnWords(definitions!['com.example.v1.Edge'])).toEqual(texts.v2)
    expect(definitions!['com.example.v1beta1.Edge']).toEqual({
      type: 'object',
      'x-kubernetes-group-version-kind': [{ group: 'example.com', version: 'v1beta1', kind: 'Edge' }],
    })
    expect(definitions!['io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta']!.properties!.finalizers).toEqual({
      description: expect.any(String),
      type: 'array',
      items: { type: 'string' },
      'x-kubernetes-list-type': 'set',
      'x-kubernetes-patch-strategy': 'merge',
    })
    expect(JSON.stringify(definitions!['io.k8s.api.core.v1.Event'])).not.toContain('"default":')
  })

  test('v3 publishes built-in kinds under their names, with the extensions of Kubernetes', async () => {
    const { schemas } = (await ask('/openapi/v3/api/v1')).components!
    expect(schemas!['io.k8s.api.core.v1.ServiceAccount']!.properties!.secrets).toEqual({
      description: expect.any(String),
      type: 'array',
      items: { $ref: '#/components/schemas/io.k8s.api.core.v1.ObjectReference' },
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    })
    expect(schemas!['io.k8s.api.core.v1.ObjectReference']!['x-kubernetes-map-type']).toBe('atomic')
    expect(schemas!['io.k8s.api.core.v1.ConfigMap']).toMatchObject({
      type: 'object',
      properties: {
        binaryData: { type: 'object', additionalProperties: { type: 'string', format: 'byte' } },
        metadata: {
          default: {},
          allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }],
        },
      },
      'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'ConfigMap' }],
    })
    expect(schemas!['io.k8s.apimachinery.pkg.apis.meta.v1.Time']).toMatchObject({
      type: 'string',
      format: 'date-time',
    })
  })

  test('versions that share their types have definitions by their own names', async () => {
    const { definitions } = await ask('/openapi/v2')
    for (const version of ['v1', 'v1beta1']) {
      const prefix = `io.k8s.api.admissionregistration.${version}`
      const policy = definitions![`${prefix}.MutatingAdmissionPolicy`]!
      expect(policy['x-kubernetes-group-version-kind']).toEqual([
        { group: 'admissionregistration.k8s.io', version, kind: 'MutatingAdmissionPolicy' },
      ])
      expect(policy.properties!.spec!.$ref).toBe(`#/definitions/${prefix}.MutatingAdmissionPolicySpec`)
      expect(policy.properties!.metadata!.$ref).toBe(
        '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
      )
    }
  })

  test('describes every operation of a resource', async () => {
    const { paths } = await ask('/openapi/v3/apis/example.com/v1')
    const operations = Object.entries(paths!).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([method]) => method !== 'parameters')
        .map(
          ([method, operation]) =>
            `${method} ${path} ${operation.operationId} ${operation['x-kubernetes-action']}`,
        ),
    )
    const root = '/apis/example.com/v1'
    const object = `${root}/namespaces/{namespace}/edges/{name}`
    expect(operations.sort()).toEqual(
      [
        `get ${root}/edges listExampleComV1EdgeForAllNamespaces list`,
        `get ${root}/namespaces/{namespace}/edges listExampleComV1NamespacedEdge list`,
        `post ${root}/namespaces/{namespace}/edges createExampleComV1NamespacedEdge post`,
        `delete ${root}/namespaces/{namespace}/edges deleteExampleComV1CollectionNamespacedEdge deletecollection`,
        `get ${object} readExampleComV1NamespacedEdge get`,
        `put ${object} replaceExampleComV1NamespacedEdge put`,
        `patch ${object} patchExampleComV1NamespacedEdge patch`,
        `delete ${object} deleteExampleComV1NamespacedEdge delete`,
        ...['Status', 'Scale'].flatMap((name) =>
          [
            ['get', 'read'],
            ['put', 'replace'],
            ['patch', 'patch'],
          ].map(
            ([method, verb]) =>
              `${method} ${object}/${name.toLowerCase()} ${verb}ExampleComV1NamespacedEdge${name} ${method}`,
          ),
        ),
      ].sort(),
    )
    // By which kubectl finds out whether a server knows field validation and dry runs.
    const patch = paths![object]!.patch!
    expect(patch['x-kubernetes-group-version-kind']).toEqual({
      group: 'example.com',
      version: 'v1',
      kind: 'Edge',
    })
    expect((patch.parameters as unknown as Json[]).map(({ name }) => name)).toEqual([
      'dryRun',
      'fieldManager',
      'fieldValidation',
      'force',
    ])
    expect(Object.keys(patch.requestBody!.content!)).toEqual([
      'application/json-patch+json',
      'application/merge-patch+json',
      'application/apply-patch+yaml',
    ])
    const core = await ask('/openapi/v3/api/v1')
    const configMap = core.paths!['/api/v1/namespaces/{namespace}/configmaps/{name}']!
    expect(Object.keys(configMap.patch!.requestBody!.content!)).toContain(
      'application/strategic-merge-patch+json',
    )
    expect(core.paths!['/api/v1/namespaces']).not.toHaveProperty('delete')
  })

  test('a kind without a schema is any object', async () => {
    const { schemas } = (await ask('/openapi/v3/apis/garage.example.com/v1')).components!
    expect(schemas!['com.example.garage.v1.Bolt']).toEqual({
      type: 'object',
      'x-kubernetes-group-version-kind': [{ group: 'garage.example.com', version: 'v1', kind: 'Bolt' }],
    })
  })

  test('the index names each document with a hash that changes with it', async () => {
    const before = await ask('/openapi/v3')
    expect(Object.keys(before.paths!)).toEqual(
      expect.arrayContaining(['api/v1', 'apis/example.com/v1', 'apis/garage.example.com/v1']),
    )
    expect(before.paths!['api/v1']!.serverRelativeURL).toMatch(/^\/openapi\/v3\/api\/v1\?hash=[0-9A-F]{128}$/)
    runtime.registerAPI(
      defineKind({
        group: 'garage.example.com',
        version: 'v1',
        kind: 'Nut',
        plural: 'nuts',
        namespaced: true,
      }),
    )
    const after = await ask('/openapi/v3')
    expect(after.paths!['apis/garage.example.com/v1']).not.toEqual(
      before.paths!['apis/garage.example.com/v1'],
    )
    expect(after.paths!['api/v1']).toEqual(before.paths!['api/v1'])
  })
})

describe('the version of discovery', () => {
  const version = () => runtime.transport.discoveryVersion!('default')

  test('stays the same as long as no definition is written', async () => {
    const before = await version()
    await runtime.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other' } })
    expect(await version()).toBe(before)
  })

  test('is another one after a definition was written', async () => {
    const before = await version()
    await runtime.client.patch(texts.definition, mergePatch({ metadata: { labels: { seen: 'true' } } }))
    expect(await version()).not.toBe(before)
  })

  test('is another one after a kind was registered', async () => {
    const before = await version()
    runtime.registerAPI(
      defineKind({
        group: 'garage.example.com',
        version: 'v1',
        kind: 'Lamp',
        plural: 'lamps',
        namespaced: true,
      }),
    )
    expect(await version()).not.toBe(before)
  })
})

const manifests = fileURLToPath(new URL('../../../../shared/testdata', import.meta.url))
const isThere = existsSync(manifests)
if (!isThere) console.log(`skipped: no real definitions at ${manifests}`)

describe.skipIf(!isThere)('OpenAPI of real definitions', () => {
  test('has no reference that leads nowhere', async () => {
    for (const folder of ['gateway-api', 'cert-manager']) {
      for (const file of readdirSync(`${manifests}/${folder}`).filter((name) => name.endsWith('.yaml'))) {
        for (const { value } of decodeYaml(readFileSync(`${manifests}/${folder}/${file}`, 'utf8'), {
          file,
        })) {
          const object = value as Unstructured
          if (object.kind === 'CustomResourceDefinition') await runtime.client.create(object)
        }
      }
    }
    const { paths } = await ask('/openapi/v3')
    expect(Object.keys(paths!)).toContain('apis/gateway.networking.k8s.io/v1')
    for (const path of Object.keys(paths!)) {
      const { all, dangling } = references(await ask(`/openapi/v3/${path}`))
      expect(all.length).toBeGreaterThan(0)
      expect(dangling).toEqual([])
    }
    expect(references(await ask('/openapi/v2')).dangling).toEqual([])
  })
})
