import type { Unstructured } from '@k1s/apimachinery'
import { expect, test } from 'vitest'
import { createRuntime } from '../src/index.ts'
import { createSharedInformer } from '../src/informers/index.ts'

const ConfigMaps = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true }
const configMap = (name: string, data: { [key: string]: string } = {}) =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data }) as Unstructured

test('an informer tells its handlers of what is there and of what happens, and has it in its indexer', async () => {
  await using runtime = await createRuntime({ storage: { type: 'memory' } })
  const { client } = runtime
  const a = await client.create(configMap('a'))
  const informer = createSharedInformer(ConfigMaps, { client })
  const told: unknown[] = []
  const registration = informer.addEventHandler({
    onAdd: ({ metadata }, isInInitialList) => void told.push(['add', metadata.name, isInInitialList]),
    onUpdate: (previous, object) =>
      void told.push(['update', object.metadata.name, previous.data, object.data]),
    onDelete: ({ metadata }, isStateUnknown) => void told.push(['delete', metadata.name, isStateUnknown]),
  })
  const stop = new AbortController()
  const running = informer.run(stop.signal)
  await registration.synced
  await client.update({ ...a, data: { x: '1' } } as Unstructured)
  await client.create(configMap('b'))
  await client.delete(ConfigMaps, { name: 'a' })
  await expect.poll(() => told.length, { interval: 5 }).toBe(4)
  expect(informer.indexer.list().map(({ metadata }) => metadata.name)).toEqual(['b'])
  stop.abort()
  await running
  expect(told).toEqual([
    ['add', 'a', true],
    ['update', 'a', {}, { x: '1' }],
    ['add', 'b', false],
    ['delete', 'a', false],
  ])
})
