import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newResourceExpired, type Unstructured } from '@k1s/apimachinery'
import { mergePatch, type Runtime } from '@k1s/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type ExportProgress,
  everything,
  exportObjects,
  readManifests,
  writeExportDirectory,
} from '../src/bulk/index.ts'
import {
  ConfigMap,
  configMap,
  definitionOf,
  emptyStore,
  exported,
  names,
  namespace,
  Widget,
  watched,
} from './bulk-stores.ts'

let store: Runtime
beforeEach(async () => {
  store = await emptyStore()
})
afterEach(() => store.close())

const selectionOf = async (plural: string, name?: string) => {
  const resources = await store.transport.discover('default')
  const resource = resources.find((candidate) => candidate.name === plural && candidate.group === '')!
  return { resource, ...(name !== undefined && { name }) }
}

describe('what is exported', () => {
  test('of a new store there is nothing', async () => {
    expect(await exported(store)).toEqual([])
    expect(names(await exported(store, { system: true }))).toEqual([
      'Namespace/default',
      'Namespace/kube-system',
      'ServiceAccount/default',
      'ServiceAccount/default',
    ])
  })

  test('each object once, what others need before them, and no events', async () => {
    const { client } = store
    await client.create(namespace('shop'))
    await client.create(definitionOf(Widget))
    await client.create({ apiVersion: 'test.k1s.dev/v1', kind: 'Widget', metadata: { name: 'w' } })
    const about = { kind: 'ConfigMap', name: 'a', namespace: 'default' }
    await client.create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e', namespace: 'default' },
      involvedObject: about,
    } as Unstructured)
    await client.create({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'q' },
      spec: { hard: { configmaps: '5' } },
    } as Unstructured)
    await client.create(configMap('a'))
    const all = [
      'Namespace/shop',
      'CustomResourceDefinition/widgets.test.k1s.dev',
      'ConfigMap/a',
      'Widget/w',
      'ResourceQuota/q',
    ]
    expect(names(await exported(store))).toEqual(all)
    const resources = await store.transport.discover('default')
    const withEvents = [...everything(resources), await selectionOf('events')]
    expect(names(await exported(store, { selections: withEvents }))).toEqual([...all, 'Event/e'])
  })

  test('objects of the system that somebody has changed are somebody’s', async () => {
    const serviceAccount = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } }
    await store.client.patch(serviceAccount, mergePatch({ imagePullSecrets: [{ name: 's' }] }))
    await store.client.patch(namespace('default'), mergePatch({ metadata: { labels: { tier: 'a' } } }))
    await store.client.create(configMap('kube-root-ca.crt'))
    await store.client.create(configMap('a', { metadata: { namespace: 'kube-system' } }))
    expect(names(await exported(store))).toEqual(['Namespace/default', 'ServiceAccount/default'])
    expect(names(await exported(store, { namespace: 'kube-system' }))).toEqual([
      'Namespace/kube-system',
      'ConfigMap/a',
    ])
  })

  test('one namespace, with the Namespace itself', async () => {
    await store.client.create(namespace('shop'))
    await store.client.create(configMap('a', { metadata: { namespace: 'shop' } }))
    await store.client.create(configMap('b'))
    expect(names(await exported(store, { namespace: 'shop' }))).toEqual(['Namespace/shop', 'ConfigMap/a'])
    expect(names(await exported(store, { namespace: 'default' }))).toEqual(['ConfigMap/b'])
  })

  test('what selectors select, and what is named, also of the system', async () => {
    await store.client.create(configMap('a', { metadata: { labels: { x: '1' } } }))
    await store.client.create(configMap('b'))
    await store.client.create(configMap('kube-root-ca.crt'))
    expect(names(await exported(store, { labelSelector: 'x=1' }))).toEqual(['ConfigMap/a'])
    expect(names(await exported(store, { fieldSelector: 'metadata.name=b' }))).toEqual(['ConfigMap/b'])
    const selections = [await selectionOf('configmaps', 'kube-root-ca.crt')]
    expect(names(await exported(store, { selections, namespace: 'default' }))).toEqual([
      'ConfigMap/kube-root-ca.crt',
    ])
  })

  test('pages of a resource are of one revision, and progress counts them', async () => {
    for (let index = 0; index < 7; index++) await store.client.create(configMap(`a${index}`))
    const selections = [await selectionOf('configmaps')]
    const progress: ExportProgress[] = []
    const seen: string[] = []
    const options = { selections, pageSize: 3, onProgress: (now: ExportProgress) => void progress.push(now) }
    for await (const { object } of exportObjects(store, options)) {
      seen.push(object.metadata.name!)
      if (seen.length === 2) {
        await store.client.create(configMap('a9'))
        await store.client.delete(ConfigMap, { name: 'a6' })
      }
    }
    expect(seen).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6'])
    expect(progress.map(({ exported, remaining }) => [exported, remaining ?? 0])).toEqual([
      [3, 4],
      [6, 1],
      [7, 0],
    ])
  })
})

test('a list that expires before its last page ends the export, and says what would help', async () => {
  for (let index = 0; index < 4; index++) await store.client.create(configMap(`a${index}`))
  let pages = 0
  const api = watched(store, (call) => {
    if (call === 'list' && ++pages === 2) throw newResourceExpired('too old')
  })
  const options = { selections: [await selectionOf('configmaps')], pageSize: 2 }
  const seen: string[] = []
  const read = async () => {
    for await (const { object } of exportObjects(api, options)) seen.push(object.metadata.name!)
  }
  await expect(read()).rejects.toThrow(
    'the list of configmaps expired after 2 objects, so the export is incomplete: export again with a larger --chunk-size (too old)',
  )
  expect(seen).toEqual(['a0', 'a1'])
})

describe('an exported object', () => {
  test('has nothing that its server has set', async () => {
    await store.client.create(definitionOf(Widget))
    const widget = { apiVersion: 'test.k1s.dev/v1', kind: 'Widget', metadata: { name: 'w' }, spec: { a: 1 } }
    const created = await store.client.create(widget)
    await store.client.status.update({ ...created, status: { ready: true } } as Unstructured)
    const [definition, found] = await exported(store)
    expect(found).toEqual({
      ...widget,
      metadata: { name: 'w', namespace: 'default' },
      status: { ready: true },
    })
    expect(definition).not.toHaveProperty('status')
    const [, bare] = await exported(store, { status: false })
    expect(bare).not.toHaveProperty('status')
    const [, kept] = await exported(store, { keepMetadata: true })
    expect(Object.keys(kept!.metadata).sort()).toEqual([
      'creationTimestamp',
      'generation',
      'managedFields',
      'name',
      'namespace',
      'resourceVersion',
      'uid',
    ])
  })

  test('names owners that are there, and keeps the uid of those of which nobody knows', async () => {
    const owner = await store.client.create(configMap('owner'))
    const unknown = { apiVersion: 'v1', kind: 'Shelf', name: 'x', uid: 'u1' }
    const references = [
      { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid! },
      unknown,
    ]
    await store.client.create(configMap('a', { metadata: { ownerReferences: references } }))
    const [found] = await exported(store)
    expect(found!.metadata.ownerReferences).toEqual([
      { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner' },
      unknown,
    ])
  })

  test('keeps the uid of an owner that is another by now, and is told of', async () => {
    const owner = await store.client.create(configMap('owner'))
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid! }
    await store.client.create(configMap('a', { metadata: { ownerReferences: [reference] } }))
    // In a cluster, garbage collection comes later than this.
    const { metadata } = store.client
    const replaced = { ...metadata, get: async () => ({ ...owner, metadata: { uid: 'another' } }) }
    const client = new Proxy(store.client, {
      get: (target, key) => (key === 'metadata' ? replaced : bound(target, key)),
    })
    const warnings: string[] = []
    const objects: Unstructured[] = []
    const options = { onWarning: (text: string) => void warnings.push(text) }
    for await (const { object } of exportObjects({ ...store, client }, options)) objects.push(object)
    expect(objects[0]!.metadata.ownerReferences).toEqual([reference])
    expect(warnings).toEqual([
      `configmap/a in namespace default: its owner ConfigMap "owner" with the uid ${reference.uid} does not exist`,
    ])
  })
})

function bound(target: object, key: string | symbol): unknown {
  const value: unknown = Reflect.get(target, key, target)
  return typeof value === 'function' ? value.bind(target) : value
}

describe('a directory', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'k1s-export-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  const filesIn = (path: string) =>
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
      .sort()
  const write = (options = {}) => writeExportDirectory(directory, exportObjects(store), options)

  test('has one file for each object, for its owner alone, in the same place every time', async () => {
    await store.client.create(namespace('shop'))
    await store.client.create(configMap('a', { metadata: { namespace: 'shop' } }))
    const target = join(directory, 'sub', 'dump')
    await writeExportDirectory(target, exportObjects(store))
    const file = join(target, 'namespaces/shop/configmaps/a.yaml')
    expect(filesIn(target)).toEqual(['cluster/namespaces/shop.yaml', 'namespaces/shop/configmaps/a.yaml'])
    expect(readFileSync(file, 'utf8')).toBe(
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: shop\n',
    )
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(target, 'namespaces')).mode & 0o777).toBe(0o700)
  })

  test('is replaced only if that is wanted, without what is gone, and with what else is in it', async () => {
    await store.client.create(configMap('a'))
    await store.client.create(configMap('b'))
    mkdirSync(join(directory, '.git'))
    writeFileSync(join(directory, 'README.md'), '')
    await expect(write()).rejects.toThrow('is not empty, and what is in it is no export')
    rmSync(join(directory, 'README.md'))
    await write()
    writeFileSync(join(directory, 'README.md'), '')
    await store.client.delete(ConfigMap, { name: 'b' })
    await expect(write()).rejects.toThrow('is not empty: use --overwrite to replace the export in it')
    await write({ overwrite: true, format: 'json' })
    expect(filesIn(directory)).toEqual(['README.md', 'namespaces/default/configmaps/a.json'])
    expect(readdirSync(directory).sort()).toEqual(['.git', 'README.md', 'namespaces'])
  })

  test('stays as it was if the export fails', async () => {
    await store.client.create(configMap('a'))
    await write()
    await store.client.create(configMap('b'))
    async function* failing() {
      yield* exportObjects(store)
      throw new Error('connection lost')
    }
    await expect(writeExportDirectory(directory, failing(), { overwrite: true })).rejects.toThrow(
      'connection lost',
    )
    expect(filesIn(directory)).toEqual(['namespaces/default/configmaps/a.yaml'])
    expect(readdirSync(directory)).toEqual(['namespaces'])
  })

  test('is as it was at the moment in which the export is aborted', async () => {
    await store.client.create(configMap('a'))
    await write()
    await store.client.create(configMap('b'))
    const abort = new AbortController()
    let atAbort: string[] = []
    async function* aborted() {
      yield* exportObjects(store)
      abort.abort(new Error('enough'))
      atAbort = readdirSync(directory)
    }
    const options = { overwrite: true, signal: abort.signal }
    await expect(writeExportDirectory(directory, aborted(), options)).rejects.toThrow('enough')
    expect(atAbort).toEqual(['namespaces'])
    expect(filesIn(directory)).toEqual(['namespaces/default/configmaps/a.yaml'])
  })

  test('takes names that file systems do not', async () => {
    const long = 'x'.repeat(253)
    const objects = [
      `${long.slice(1)}a`,
      `${long.slice(1)}b`,
      'System:Node',
      'system:node',
      '.hidden',
      'a%b',
      'ü',
    ]
    const [resource] = (await store.transport.discover('default')).filter(({ name }) => name === 'namespaces')
    async function* named() {
      for (const name of objects) yield { resource: resource!, object: namespace(name) }
    }
    await writeExportDirectory(directory, named())
    const files = filesIn(join(directory, 'cluster/namespaces'))
    expect(files.filter((file) => !file.startsWith('x'))).toEqual([
      '%2ehidden.yaml',
      '%53ystem%3a%4eode.yaml',
      '%c3%bc.yaml',
      'a%25b.yaml',
      'system%3anode.yaml',
    ])
    expect(files.filter((file) => /^x{233}~[0-9a-f]{16}\.yaml$/.test(file))).toHaveLength(2)
    const read: string[] = []
    for await (const { object } of readManifests([directory])) read.push(object.metadata.name!)
    expect(read.sort()).toEqual([...objects].sort())
  })

  test('that is a link is written where it leads', async () => {
    await store.client.create(configMap('a'))
    const link = join(directory, 'link')
    mkdirSync(join(directory, 'real'))
    symlinkSync('real', link)
    await writeExportDirectory(link, exportObjects(store))
    expect(filesIn(join(directory, 'real'))).toEqual(['namespaces/default/configmaps/a.yaml'])
  })
})
