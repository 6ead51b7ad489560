import { canonicalJson, type OwnerReference, type Unstructured } from '@k1s/apimachinery'
import { encodeYaml } from '@k1s/apimachinery/yaml'
import { mergePatch, type Runtime } from '@k1s/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  configMap,
  definitionOf,
  emptyStore,
  exported,
  imported,
  importedText,
  namespace,
  Rack,
  Widget,
} from './bulk-stores.ts'

interface RandomObject {
  readonly kind: 'ConfigMap' | 'Widget' | 'Rack'
  readonly namespace: string
  readonly labels: { readonly [name: string]: string }
  readonly finalizers: readonly string[]
  readonly content: unknown
  readonly status: unknown
  /** Which of the objects own it, as fractions of their number: circles included. */
  readonly owners: readonly {
    readonly which: number
    readonly controller: boolean
    readonly blocks: boolean
  }[]
}

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/)
const json = fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' }).map((value) => value ?? 'null')

const randomObject: fc.Arbitrary<RandomObject> = fc.record({
  kind: fc.constantFrom('ConfigMap', 'Widget', 'Rack'),
  namespace: fc.constantFrom('default', 'a', 'a-b'),
  labels: fc.dictionary(word, word, { maxKeys: 2 }),
  finalizers: fc.subarray(['test.k1s.dev/a', 'test.k1s.dev/b']),
  content: json,
  status: fc.option(json, { nil: undefined }),
  owners: fc.array(
    fc.record({
      which: fc.double({ min: 0, max: 0.999, noNaN: true }),
      controller: fc.boolean(),
      blocks: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
})

test('what is exported and imported elsewhere is the same, whoever owns whom, and exports to the same bytes', async () => {
  const input = fc.array(randomObject, { minLength: 1, maxLength: 16 }).chain((objects) =>
    fc.record({
      objects: fc.constant(objects),
      seed: fc.integer(),
      format: fc.constantFrom('yaml', 'jsonl'),
      parallel: fc.integer({ min: 1, max: 8 }),
    }),
  )
  await fc.assert(
    fc.asyncProperty(input, async ({ objects, seed, format, parallel }) => {
      await using source = await emptyStore()
      await using target = await emptyStore()
      await fill(source, objects)
      const first = await exported(source, { pageSize: 3 })
      const text = shuffled(first, seed).map(format === 'yaml' ? encodeYaml : canonicalJson)
      const result = await importedText(target, text.join(format === 'yaml' ? '---\n' : '\n'), { parallel })
      expect(result.errors).toEqual([])
      expect(result.counts.created).toBe(first.length)
      const second = await exported(target)
      expect(second.map(canonicalJson)).toEqual(first.map(canonicalJson))
      const graph = await graphOf(source)
      expect(graph.filter((line) => line.includes('< undefined '))).toEqual([])
      expect(await graphOf(target)).toEqual(graph)
      const again = await imported(target, first)
      expect(again.counts.unchanged).toBe(first.length)
    }),
    { numRuns: 30 },
  )
})

async function fill(store: Runtime, objects: readonly RandomObject[]): Promise<void> {
  const { client } = store
  for (const name of ['a', 'a-b']) await client.create(namespace(name))
  for (const kind of [Widget, Rack]) await client.create(definitionOf(kind))
  const created: Unstructured[] = []
  for (const [index, object] of objects.entries()) created.push(await createOne(store, object, index))
  for (const [index, object] of objects.entries()) {
    const references = new Map<string, OwnerReference>()
    for (const { which, controller, blocks } of object.owners) {
      const owner = created[Math.floor(which * objects.length)]!
      const { name = '', uid = '', namespace: scope } = owner.metadata
      if (scope !== undefined && scope !== created[index]!.metadata.namespace) continue
      const isFirst = [...references.values()].every((other) => other.controller !== true)
      const { apiVersion, kind } = owner
      references.set(uid, {
        apiVersion,
        kind,
        name,
        uid,
        ...(controller && isFirst && { controller }),
        ...(blocks && { blockOwnerDeletion: true }),
      })
    }
    if (references.size === 0) continue
    await client.patch(
      created[index]!,
      mergePatch({ metadata: { ownerReferences: [...references.values()] } }),
    )
  }
}

async function createOne({ client }: Runtime, object: RandomObject, index: number): Promise<Unstructured> {
  const { kind, labels, finalizers, content, status } = object
  const metadata = {
    name: `o${index}`,
    ...(kind !== 'Rack' && { namespace: object.namespace }),
    labels: { ...labels },
    finalizers: [...finalizers],
  }
  if (kind === 'ConfigMap') {
    return client.create(configMap('', { metadata, data: { content: JSON.stringify(content) } }))
  }
  const created = await client.create<Unstructured>({
    apiVersion: 'test.k1s.dev/v1',
    kind,
    metadata,
    spec: { content },
  })
  return status === undefined ? created : client.status.update({ ...created, status: { content: status } })
}

/** Who owns whom, by names, and only if the uid of the reference is that of the owner. */
async function graphOf(store: Runtime): Promise<string[]> {
  const objects = await exported(store, { keepMetadata: true, system: true })
  const byUid = new Map(objects.map((object) => [object.metadata.uid, idOf(object)]))
  return objects
    .flatMap((object) =>
      (object.metadata.ownerReferences ?? []).map(
        ({ uid, controller, blockOwnerDeletion }) =>
          `${idOf(object)} < ${byUid.get(uid)} ${controller} ${blockOwnerDeletion}`,
      ),
    )
    .sort()
}

function idOf({ kind, metadata }: Unstructured): string {
  return `${kind}/${metadata.namespace}/${metadata.name}`
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed | 1
  const next = () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x297a2d39
    return state >>> 0
  }
  return items
    .map((item) => ({ item, key: next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}
