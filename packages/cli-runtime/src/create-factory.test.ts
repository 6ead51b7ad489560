import { expect, test, vi } from 'vitest'
import { fakeFactory } from '../test/fake-factory.ts'
import { createFactory } from './create-factory.ts'

test('nothing is opened before it is asked for, and then once', async () => {
  const { factory, counts } = fakeFactory()
  await factory.namespace()
  await factory.close()
  expect(counts()).toEqual({ opened: 0, closed: 0 })
  await Promise.all([factory.client(), factory.transport(), factory.restMapper()])
  await factory.close()
  expect(counts()).toEqual({ opened: 1, closed: 1 })
})

test('the namespace is enforced if a flag names it', async () => {
  expect(await fakeFactory().factory.namespace()).toEqual({ namespace: 'default', enforced: false })
  const { factory } = fakeFactory({ flags: { namespace: 'shop' } })
  expect(await factory.namespace()).toEqual({ namespace: 'shop', enforced: true })
})

test('the mapper is kept until it is refreshed', async () => {
  const { factory } = fakeFactory()
  const mapper = await factory.restMapper()
  expect(await factory.restMapper()).toBe(mapper)
  expect(await factory.restMapper({ refresh: true })).not.toBe(mapper)
})

test('a warning is printed once, and can be passed on as a function', () => {
  const { factory, streams } = fakeFactory()
  const { warn } = factory
  warn('careful')
  warn('careful')
  expect(streams.err.text).toBe('Warning: careful\n')
})

test("requests carry the context's user, and its namespace unless they name one", async () => {
  const env = {
    HOME: '/nonexistent',
    K1S_STORAGE: 'memory',
    K1S_NAMESPACE: 'kube-system',
    USER: 'jane',
  }
  const factory = createFactory({ env })
  try {
    const transport = await factory.transport()
    const sent = vi.spyOn(transport, 'request')
    const client = await factory.client()
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } }
    expect((await client.create(object)).metadata).toMatchObject({ namespace: 'kube-system' })
    expect(sent).toHaveBeenCalledWith(
      expect.objectContaining({ user: { name: 'jane' }, namespace: 'kube-system' }),
    )
  } finally {
    await factory.close()
  }
})
