import { isStatusError, type KubernetesObject, type Unstructured, type WatchEvent } from '@k1s/apimachinery'
import {
  type Client,
  jsonPatch,
  type Kind,
  mergePatch,
  type PatchType,
  strategicMergePatch,
  type Transport,
} from '@k1s/core'
import { definitionOf } from './definitions.ts'

/** Who talks with a server, over whatever carries it. */
export interface Speaker {
  readonly client: Client
  readonly transport: Transport
  readonly tenant: string
}

type OnWarning = { readonly onWarning: (text: string) => void }
type Step = (speaker: Speaker, onWarning: OnWarning) => Promise<unknown>

const core = (kind: string, plural: string, namespaced = true): Kind => ({
  group: '',
  version: 'v1',
  kind,
  plural,
  namespaced,
})
const ConfigMaps = core('ConfigMap', 'configmaps')
const Namespaces = core('Namespace', 'namespaces', false)
const Secrets = core('Secret', 'secrets')
const Trees: Kind = { ...core('Tree', 'trees'), group: 'garden.example.com' }
const Definitions: Kind = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
}

const configMap = (name: string, fields: object = {}) =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, ...fields }) as Unstructured
const tree = (name: string, fields: object = {}) =>
  ({ apiVersion: 'garden.example.com/v1', kind: 'Tree', metadata: { name }, ...fields }) as Unstructured

/** Trees with all that a definition may have beside a schema. */
function treeDefinition(): KubernetesObject {
  const definition = definitionOf('trees', 'Tree') as Unstructured
  const { spec } = definition as unknown as { spec: { versions: object[] } }
  const [version] = spec.versions as [{ schema: { openAPIV3Schema: { properties: object } } }]
  Object.assign(version.schema.openAPIV3Schema.properties, {
    status: { type: 'object', properties: { height: { type: 'integer' } } },
  })
  Object.assign(version, {
    subresources: {
      status: {},
      scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.height' },
    },
    selectableFields: [{ jsonPath: '.spec.size' }],
    additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
  })
  return definition
}

/** The first events of a watch, and that it ended by itself if there are fewer. */
async function take(events: AsyncIterable<WatchEvent<KubernetesObject>>, count: number): Promise<unknown[]> {
  const taken: unknown[] = []
  for await (const event of events) {
    taken.push(event)
    if (taken.length === count) return taken
  }
  return [...taken, 'ended']
}

/** In order: each step finds what those before it have left. */
export const conversation: { readonly [name: string]: Step } = {
  'create an object': ({ client }) => client.create(configMap('a', { data: { x: 'ü 名前 💥' } })),
  'create it again': ({ client }) => client.create(configMap('a')),
  'create with dryRun': ({ client }) => client.create(configMap('dry'), { dryRun: true }),
  'create with a field manager': ({ client }) =>
    client.create(configMap('managed', { data: { x: '1' } }), { fieldManager: 'gardener' }),
  'create with labels': ({ client }) =>
    client.create(configMap('b', { metadata: { name: 'b', labels: { app: 'x' } }, data: {} })),
  'create an invalid object': ({ client }) => client.create(configMap('Not a name')),
  'create with an unknown field': ({ client }, warnings) =>
    client.create(configMap('warned', { dota: { x: '1' } }), warnings),
  'create with an unknown field, strictly': ({ client }) =>
    client.create(configMap('strict', { dota: {} }), { fieldValidation: 'Strict' }),
  'create of a wrong type': ({ client }) => client.create(configMap('wrong', { data: { x: 1 } })),
  'create in a namespace that does not exist': ({ client }) =>
    client.create(configMap('a', { metadata: { name: 'a', namespace: 'nowhere' } })),
  'create of a kind that is not served': ({ client }) =>
    client.create({ apiVersion: 'example.com/v1', kind: 'Nothing', metadata: { name: 'a' } }),
  'create a namespace': ({ client }) =>
    client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } }),
  'create in it': ({ client }) =>
    client.create(configMap('a', { metadata: { name: 'a', namespace: 'other' } })),
  'create with a name that cannot be in a path': ({ client }) => client.create(configMap('a/b')),

  'get an object': ({ client }) => client.get(ConfigMaps, { name: 'a' }),
  'get of another namespace': ({ client }) => client.get(ConfigMaps, { name: 'a', namespace: 'other' }),
  'get what is not there': ({ client }) => client.get(ConfigMaps, { name: 'none' }),
  'get a name that cannot be in a path': ({ client }) => client.get(ConfigMaps, { name: '..' }),
  'get a name with a slash': ({ client }) => client.get(ConfigMaps, { name: 'a/b' }),
  'get a name of characters that paths escape': ({ client }) => client.get(ConfigMaps, { name: 'ü ?#&+' }),
  'get an empty name': ({ client }) => client.get(ConfigMaps, { name: '' }),
  'get a cluster-wide object': ({ client }) => client.get(Namespaces, { name: 'default' }),
  'get with a resourceVersion that is none': ({ client }) =>
    client.get(ConfigMaps, { name: 'a' }, { resourceVersion: 'x' }),
  'get of a resource that is not served': ({ client }) =>
    client.get({ ...ConfigMaps, plural: 'nothings' }, { name: 'a' }),
  'get of a version that is not served': ({ client }) =>
    client.get({ ...ConfigMaps, version: 'v2' }, { name: 'a' }),

  'list all namespaces': ({ client }) => client.list(ConfigMaps),
  'list a namespace': ({ client }) => client.list(ConfigMaps, { namespace: 'other' }),
  'list by labels': ({ client }) => client.list(ConfigMaps, { labelSelector: 'app in (x, y),app!=z' }),
  'list by fields': ({ client }) => client.list(ConfigMaps, { fieldSelector: 'metadata.name=a' }),
  'list by a selector that is none': ({ client }) => client.list(ConfigMaps, { labelSelector: '!!' }),
  'list by a field that there is not': ({ client }) => client.list(ConfigMaps, { fieldSelector: 'data=a' }),
  'list in pages': async ({ client }) => {
    const first = await client.list(ConfigMaps, { limit: 2 })
    const next = await client.list(ConfigMaps, { limit: 2, continue: first.metadata.continue! })
    return [{ ...first, metadata: { ...first.metadata, continue: 'token' } }, next.items]
  },
  'list with a token that is none': ({ client }) => client.list(ConfigMaps, { continue: 'x' }),
  'list with a negative limit': ({ client }) => client.list(ConfigMaps, { limit: -1 }),
  'list at a resourceVersion': ({ client }) =>
    client.list(ConfigMaps, { resourceVersion: '7', resourceVersionMatch: 'Exact' }),
  'list with a match alone': ({ client }) => client.list(ConfigMaps, { resourceVersionMatch: 'Exact' }),
  'list nothing': ({ client }) => client.list(Secrets, { namespace: 'none' }),

  'table of a list': ({ client }) => client.table(ConfigMaps, { namespace: 'default' }),
  'table with objects': ({ client }) => client.table(ConfigMaps, { includeObject: 'Object', limit: 1 }),
  'table without objects': ({ client }) => client.table(Namespaces, { includeObject: 'None' }),
  'metadata of an object': ({ client }) => client.metadata.get(ConfigMaps, { name: 'a' }),
  'metadata of a list': ({ client }) => client.metadata.list(ConfigMaps, { labelSelector: 'app' }),
  'metadata of nothing': ({ client }) => client.metadata.get(ConfigMaps, { name: 'none' }),

  'update an object': async ({ client }) => {
    const found = await client.get(ConfigMaps, { name: 'a' })
    return client.update({ ...found, data: { x: '2' } })
  },
  'update one that has changed': async ({ client }) => {
    const found = await client.get(ConfigMaps, { name: 'a' })
    return client.update({ ...found, metadata: { ...found.metadata, resourceVersion: '1' } })
  },
  'update what is not there': ({ client }) => client.update(configMap('none')),
  'update with dryRun': ({ client }) => client.update(configMap('a', { data: {} }), { dryRun: true }),
  'update without a name': ({ client }) => client.update(configMap('')),

  'merge patch': ({ client }) => client.patch(configMap('a'), mergePatch({ data: { y: '3', x: null } })),
  'JSON patch': ({ client }) =>
    client.patch(configMap('a'), jsonPatch([{ op: 'replace', path: '/data/y', value: '4' }])),
  'JSON patch that fails': ({ client }) =>
    client.patch(configMap('a'), jsonPatch([{ op: 'test', path: '/data/y', value: 'no' }])),
  'JSON patch that is none': ({ client }) =>
    client.patch(configMap('a'), mergePatch([] as unknown as object)),
  'strategic merge patch': ({ client }) =>
    client.patch(
      configMap('a'),
      strategicMergePatch({ metadata: { finalizers: ['example.com/hold'] }, data: { z: '5' } }),
    ),
  'patch of a type that is none': ({ client }) =>
    client.patch(configMap('a'), { type: 'text/plain' as PatchType, body: {} }),
  'patch with dryRun and a manager': ({ client }) =>
    client.patch(configMap('a'), mergePatch({ data: { q: '1' } }), { dryRun: true, fieldManager: 'm' }),
  'patch what is not there': ({ client }) => client.patch(configMap('none'), mergePatch({})),
  'patch with a warning': ({ client }, warnings) =>
    client.patch(configMap('b'), mergePatch({ unknown: 1, 'un"known\\': 2 }), warnings),

  'apply a new object': ({ client }) =>
    client.apply(configMap('applied', { data: { x: '1' } }), { fieldManager: 'one' }),
  'apply a conflict': ({ client }) =>
    client.apply(configMap('applied', { data: { x: '2' } }), { fieldManager: 'two' }),
  'apply by force': ({ client }) =>
    client.apply(configMap('applied', { data: { x: '2' } }), { fieldManager: 'two', force: true }),
  'apply without a manager': ({ client }) => client.apply(configMap('applied'), { fieldManager: '' }),
  'apply with dryRun': ({ client }) =>
    client.apply(configMap('applied', { data: {} }), { fieldManager: 'two', dryRun: true }),

  'create a definition': ({ client }) => client.create(treeDefinition()),
  'create an object of it at once': ({ client }) => client.create(tree('oak', { spec: { size: 3 } })),
  'create an invalid one': ({ client }) => client.create(tree('elm', { spec: { size: 'big' } })),
  'create with an unknown field of the schema': ({ client }, warnings) =>
    client.create(tree('fir', { spec: { size: 1, colour: 'green' } }), warnings),
  'list by a selectable field': ({ client }) => client.list(Trees, { fieldSelector: 'spec.size=3' }),
  'table of custom columns': ({ client }) => client.table(Trees),
  'strategic merge patch of a custom resource': ({ client }) =>
    client.patch(tree('oak'), strategicMergePatch({ spec: {} })),
  'update the status': async ({ client }) => {
    const found = await client.get(Trees, { name: 'oak' })
    return client.status.update({ ...found, spec: { size: 9 }, status: { height: 2 } } as Unstructured)
  },
  'get the status': ({ client }) => client.status.get(Trees, { name: 'oak' }),
  'patch the status': ({ client }) => client.status.patch(tree('oak'), mergePatch({ status: { height: 4 } })),
  'apply the status': ({ client }) =>
    client.status.apply(tree('oak', { status: { height: 5 } }), { fieldManager: 'grower', force: true }),
  'get the scale': ({ client }) => client.subresource('scale').get(Trees, { name: 'oak' }),
  'update the scale': async ({ client }) => {
    const scale = await client.subresource('scale').get(Trees, { name: 'oak' })
    return client
      .subresource('scale')
      .update({ ...scale, spec: { replicas: 7 } } as Unstructured, { parent: Trees })
  },
  'patch the scale': ({ client }) =>
    client.subresource('scale').patch(tree('oak'), mergePatch({ spec: { replicas: 8 } }), { parent: Trees }),
  'get a subresource that there is not': ({ client }) =>
    client.subresource('scale').get(ConfigMaps, { name: 'a' }),

  'watch what is there': ({ client }) => take(client.watch(ConfigMaps, { namespace: 'default' }), 3),
  'watch from 0': ({ client }) => take(client.watch(ConfigMaps, { resourceVersion: '0' }), 2),
  'watch from a resourceVersion': ({ client }) => take(client.watch(ConfigMaps, { resourceVersion: '7' }), 6),
  'watch by labels': ({ client }) =>
    take(client.watch(ConfigMaps, { resourceVersion: '1', labelSelector: 'app=x' }), 1),
  'watch until the end of the initial events': ({ client }) =>
    take(client.watch(Trees, { sendInitialEvents: true, allowWatchBookmarks: true }), 3),
  'watch initial events without bookmarks': ({ client }) =>
    take(client.watch(Trees, { sendInitialEvents: true }), 2),
  'watch metadata': ({ client }) => take(client.metadata.watch(ConfigMaps, { resourceVersion: '7' }), 2),
  'watch one object': ({ transport, tenant }) =>
    take(
      transport.watch({
        ...{ verb: 'watch', tenant, user: { name: 'x' }, group: '', version: 'v1', resource: 'configmaps' },
        ...{ namespace: 'default', name: 'b', options: {} },
      }),
      1,
    ),
  'watch Tables': ({ transport, tenant }) =>
    take(
      transport.watch({
        ...{ verb: 'watch', tenant, user: { name: 'x' }, group: '', version: 'v1', resource: 'configmaps' },
        options: { as: 'Table' },
      }),
      2,
    ),
  'watch Tables from a resourceVersion': ({ transport, tenant }) =>
    take(
      transport.watch({
        ...{ verb: 'watch', tenant, user: { name: 'x' }, group: '', version: 'v1', resource: 'configmaps' },
        options: { as: 'Table', resourceVersion: '7', includeObject: 'None' },
      }),
      2,
    ),
  'watch for a second': ({ client }) => take(client.watch(Trees, { timeoutSeconds: 1 }), 10),
  'watch from the future for a second': ({ client }) =>
    take(client.watch(ConfigMaps, { resourceVersion: '999999', timeoutSeconds: 1 }), 2),
  'watch what is there in the future': ({ client }) =>
    take(client.watch(ConfigMaps, { resourceVersion: '999999', sendInitialEvents: true }), 2),
  'watch from what is no resourceVersion': ({ client }) =>
    take(client.watch(ConfigMaps, { resourceVersion: 'x' }), 1),
  'watch by a selector that is none': ({ client }) =>
    take(client.watch(ConfigMaps, { labelSelector: '!!' }), 1),
  'watch a resource that is not served': ({ client }) =>
    take(client.watch({ ...ConfigMaps, plural: 'nothings' }), 1),
  'watch from now on, beginning in the past': ({ client }) =>
    take(client.watch(ConfigMaps, { sendInitialEvents: false, resourceVersion: '7' }), 1),
  'watch with initial events that nothing says the age of': ({ transport, tenant }) =>
    take(
      transport.watch({
        ...{ verb: 'watch', tenant, user: { name: 'x' }, group: '', version: 'v1', resource: 'configmaps' },
        options: { sendInitialEvents: true },
      }),
      1,
    ),
  'watch that is aborted': ({ client }) =>
    take(client.watch(ConfigMaps, { resourceVersion: '999999', signal: AbortSignal.abort() }), 1),
  'get that is aborted': ({ client }) =>
    client.get(ConfigMaps, { name: 'a' }, { signal: AbortSignal.abort(new Error('enough')) }),

  'delete with dryRun': ({ client }) => client.delete(configMap('b'), { dryRun: true }),
  'delete with a precondition that fails': ({ client }) =>
    client.delete(configMap('b'), { preconditions: { uid: 'another' } }),
  'delete with two policies': ({ client }) =>
    client.delete(configMap('b'), { propagationPolicy: 'Sideways' as 'Orphan' }),
  'delete an object': ({ client }) => client.delete(configMap('b'), { propagationPolicy: 'Background' }),
  'delete it again': ({ client }) => client.delete(ConfigMaps, { name: 'b' }),
  'delete what a finalizer holds': ({ client }) => client.delete(ConfigMaps, { name: 'a' }),
  'let it go': ({ client }) => client.patch(configMap('a'), mergePatch({ metadata: { finalizers: null } })),
  'delete a collection': ({ client }) =>
    client.deleteCollection(ConfigMaps, { fieldSelector: 'metadata.name!=warned' }),
  'delete a collection with dryRun': ({ client }) => client.deleteCollection(ConfigMaps, { dryRun: true }),
  'delete the definition': ({ client }) => client.delete(Definitions, { name: 'trees.garden.example.com' }),
  'list what the definition served': ({ client }) => client.list(Trees),
  'what the API has': async ({ transport, tenant }) =>
    (await transport.discover(tenant)).toSorted((a, b) =>
      `${a.group}/${a.name}` < `${b.group}/${b.name}` ? -1 : 1,
    ),
  'OpenAPI of a group': ({ transport, tenant }) =>
    transport.describe!(tenant, '/openapi/v3/apis/coordination.k8s.io/v1'),
  'discovery of a group': ({ transport, tenant }) =>
    transport.describe!(tenant, '/apis/coordination.k8s.io/v1'),
  'aggregated discovery': ({ transport, tenant }) =>
    transport.describe!(tenant, '/apis', { aggregated: true }),
  'a description that there is not': ({ transport, tenant }) =>
    transport.describe!(tenant, '/apis/nothing/v1'),
}

/** What each step came to, and the warnings that it gave, without what no two servers have in common. */
export async function converse(speaker: Speaker): Promise<ReadonlyMap<string, unknown>> {
  const results = new Map<string, unknown>()
  for (const [name, step] of Object.entries(conversation)) {
    const warnings: string[] = []
    const result = await step(speaker, { onWarning: (text) => warnings.push(text) }).then(
      (value) => ({ value, warnings }),
      (error: unknown) => ({ error: describeError(error), warnings }),
    )
    results.set(name, impersonal(result))
  }
  return results
}

function describeError(error: unknown): unknown {
  return isStatusError(error) ? error.status : `${error}`
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g

function impersonal(result: unknown): unknown {
  const text = JSON.stringify(result, (_, value) => value ?? null)
  const ages = /"cells":\["([^"]*)",(\d+|"\w+"),"\d+s"\]/g
  return JSON.parse(text.replace(uuid, 'UID').replace(time, 'TIME').replace(ages, '"cells":["$1",$2,"AGE"]'))
}
