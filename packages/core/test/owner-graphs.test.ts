import { isNotFound, type OwnerReference } from '@k1s/apimachinery'
import { type Client, createRuntime } from '@k1s/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ConfigMaps, configMap } from './kinds.ts'

type Policy = 'Background' | 'Foreground' | 'Orphan'

/** Object i is owned by some of those before it. */
interface Graph {
  readonly owners: readonly (readonly { readonly owner: number; readonly block: boolean }[])[]
}

const graph: fc.Arbitrary<Graph> = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc
    .tuple(
      ...Array.from({ length: size }, (_, index) =>
        index === 0
          ? fc.constant([])
          : fc.uniqueArray(fc.record({ owner: fc.nat(index - 1), block: fc.boolean() }), {
              maxLength: 3,
              selector: ({ owner }) => owner,
            }),
      ),
    )
    .map((owners) => ({ owners })),
)

async function withGraph(
  { owners }: Graph,
  work: (client: Client, uids: readonly string[]) => Promise<void>,
): Promise<void> {
  await using runtime = await createRuntime({ storage: { type: 'memory' } })
  const uids: string[] = []
  for (const [index, references] of owners.entries()) {
    const ownerReferences = references.map(
      ({ owner, block }): OwnerReference => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        name: `c${owner}`,
        uid: uids[owner]!,
        ...(block && { blockOwnerDeletion: true }),
      }),
    )
    const { metadata } = await runtime.client.create(
      configMap(`c${index}`, { metadata: { name: `c${index}`, ownerReferences } }),
    )
    uids.push(metadata.uid!)
  }
  await work(runtime.client, uids)
}

/** What is left, as the names of each object's owners. */
async function remaining(client: Client): Promise<{ [name: string]: string[] }> {
  const { items } = await client.list(ConfigMaps)
  return Object.fromEntries(
    items.map(({ metadata }) => [
      metadata.name!,
      (metadata.ownerReferences ?? []).map(({ name }) => name).sort(),
    ]),
  )
}

class Model {
  readonly owners: Map<number, Set<number>>

  constructor({ owners }: Graph) {
    this.owners = new Map(
      owners.map((references, index) => [index, new Set(references.map(({ owner }) => owner))]),
    )
  }

  delete(root: number, policy: Policy): void {
    const gone = [root]
    for (const index of gone) {
      this.owners.delete(index)
      for (const [dependent, owners] of this.owners) {
        if (!owners.delete(index) || owners.size > 0 || policy === 'Orphan') continue
        gone.push(dependent)
      }
    }
  }

  remaining(): { [name: string]: string[] } {
    return Object.fromEntries(
      [...this.owners].map(([index, owners]) => [
        `c${index}`,
        [...owners].map((owner) => `c${owner}`).sort(),
      ]),
    )
  }
}

const deletion = fc.record({
  root: fc.nat(11),
  policy: fc.constantFrom<Policy>('Background', 'Foreground', 'Orphan'),
})

test('deletions leave of any graph of owners what has an owner left, and no reference to what is gone', async () => {
  await fc.assert(
    fc.asyncProperty(graph, fc.array(deletion, { minLength: 1, maxLength: 4 }), async (shape, deletions) => {
      await withGraph(shape, async (client) => {
        const model = new Model(shape)
        for (const { root, policy } of deletions) {
          if (!model.owners.has(root)) continue
          await client.delete(ConfigMaps, { name: `c${root}` }, { propagationPolicy: policy })
          model.delete(root, policy)
          expect(await remaining(client)).toEqual(model.remaining())
        }
      })
    }),
    { numRuns: 80 },
  )
})

test('deletions at the same time, in the foreground or background, leave what they leave one after the other', async () => {
  await fc.assert(
    fc.asyncProperty(
      graph,
      fc.uniqueArray(deletion, { minLength: 2, maxLength: 5, selector: ({ root }) => root }),
      async (shape, deletions) => {
        await withGraph(shape, async (client) => {
          const model = new Model(shape)
          const due = deletions.filter(({ root }) => model.owners.has(root))
          const results = await Promise.allSettled(
            due.map(({ root, policy }) =>
              client.delete(
                ConfigMaps,
                { name: `c${root}` },
                { propagationPolicy: policy === 'Orphan' ? 'Background' : policy },
              ),
            ),
          )
          for (const { root } of due) if (model.owners.has(root)) model.delete(root, 'Background')
          expect(await remaining(client)).toEqual(model.remaining())
          for (const result of results) {
            // Gone with its owner.
            if (result.status === 'rejected' && !isNotFound(result.reason)) throw result.reason
          }
        })
      },
    ),
    { numRuns: 80 },
  )
})
