import type { Manifest } from '@k1s/cli-runtime/bulk'
import type { Runtime } from '@k1s/core'
import type { TestEnvironmentOptions } from '../test-environment.ts'
import { readObjects } from './read-objects.ts'

/**
 * Creates what a test begins with, and returns when all of it is served. Throws an Error that tells everything that is wrong
 * with it.
 */
export async function createObjects(
  { client, transport }: Pick<Runtime, 'client' | 'transport'>,
  options: Pick<TestEnvironmentOptions, 'crds' | 'objects' | 'tenant' | 'namespace'>,
): Promise<void> {
  const { crds = [], objects = [], tenant = 'default', namespace = 'default' } = options
  const manifests = [...(await readDefinitions(crds)), ...(await readObjects('objects', objects))]
  if (namespace !== 'default') manifests.push(...missingNamespace(namespace, manifests))
  if (manifests.length === 0) return
  for (const { object, source } of manifests) {
    if (object.metadata.deletionTimestamp == null) continue
    throw new Error(
      `${source}: no object begins its life deleted: leave metadata.deletionTimestamp away, give it a finalizer, and delete it in the test`,
    )
  }
  const { importObjects } = await import('@k1s/cli-runtime/bulk')
  const { errors } = await importObjects({ client, transport, tenant }, manifests, {
    namespace,
    fieldManager: 'test-environment',
    fieldValidation: 'Strict',
    // The namespaces that every tenant has are not in the way of those that a test gives labels.
    onConflict: 'update',
    missingOwners: 'keep',
  })
  if (errors.length === 1) throw errors[0]
  if (errors.length > 1) throw new AggregateError(errors, errors.map(({ message }) => message).join('\n'))
}

async function readDefinitions(sources: NonNullable<TestEnvironmentOptions['crds']>): Promise<Manifest[]> {
  const read = await readObjects('crds', sources)
  const definitions = read.filter(({ object }) => object.kind === 'CustomResourceDefinition')
  const other = read.find(
    ({ source, object }) => source.startsWith('crds[') && !definitions.some((one) => one.object === object),
  )
  if (other !== undefined) {
    throw new Error(
      `${other.source}: a ${other.object.kind} is no CustomResourceDefinition: pass it among the objects`,
    )
  }
  return definitions
}

function missingNamespace(name: string, manifests: readonly Manifest[]): Manifest[] {
  const isGiven = manifests.some(({ object }) => object.kind === 'Namespace' && object.metadata.name === name)
  if (isGiven) return []
  return [{ object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, source: 'namespace' }]
}
