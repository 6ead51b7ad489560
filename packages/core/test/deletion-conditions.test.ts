import type { Unstructured } from '@k1s/apimachinery'
import { createRuntime, type Runtime } from '@k1s/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const Namespace = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false }
const Definition = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
}

const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
const gadgets = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gadgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'gadgets', kind: 'Gadget' },
    versions: [{ name: 'v1', served: true, storage: true, schema }],
  },
}

function conditionsOf(object: Unstructured): { type: string; status: string; message: string }[] {
  return (object.status as { conditions: { type: string; status: string; message: string }[] }).conditions
}

describe('what a deletion waits for', () => {
  let runtime: Runtime
  beforeEach(async () => {
    runtime = await createRuntime({ storage: { type: 'memory' } })
  })
  afterEach(() => runtime.close())

  test('is said in the conditions of a namespace', async () => {
    const { client } = runtime
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'held' } })
    const metadata = { name: 'a', namespace: 'held', finalizers: ['example.com/hold'] }
    await client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata })
    await client.delete(Namespace, { name: 'held' })
    const conditions = conditionsOf(await client.get(Namespace, { name: 'held' }))
    expect(conditions.filter(({ status }) => status === 'True').map(({ message }) => message)).toEqual([
      'Some resources are remaining: configmaps. has 1 resource instances',
      'Some finalizers are remaining: example.com/hold in 1 resource instances',
    ])
  })

  test('is said in the conditions of a definition', async () => {
    const { client } = runtime
    await client.create(gadgets)
    const metadata = { name: 'a', namespace: 'default', finalizers: ['example.com/hold'] }
    await client.create({ apiVersion: 'example.com/v1', kind: 'Gadget', metadata })
    await client.delete(Definition, { name: gadgets.metadata.name })
    const conditions = conditionsOf(await client.get(Definition, { name: gadgets.metadata.name }))
    expect(conditions).toContainEqual(expect.objectContaining({ type: 'Terminating', status: 'True' }))
  })

  test('has a qualified name in the core group, and is warned about elsewhere', async () => {
    const { client } = runtime
    const metadata = { name: 'a', namespace: 'default', finalizers: ['hold'] }
    await expect(client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata })).rejects.toThrow(
      'metadata.finalizers[0]: Invalid value: "hold": name is neither a standard finalizer name nor is it fully qualified',
    )
    await client.create(gadgets)
    const warnings: string[] = []
    const onWarning = (text: string) => warnings.push(text)
    await client.create({ apiVersion: 'example.com/v1', kind: 'Gadget', metadata }, { onWarning })
    expect(warnings).toEqual([
      'metadata.finalizers: "hold": prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers',
    ])
  })
})
