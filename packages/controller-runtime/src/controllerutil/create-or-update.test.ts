import { type KubernetesObject, newInternalError, shareJson } from '@k1s/apimachinery'
import { type Client, createRuntime, defineKind, type Runtime } from '@k1s/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createOrPatch, createOrUpdate } from './create-or-update.ts'

interface Item extends KubernetesObject {
  spec?: { size?: number; tags?: string[] }
  status?: { phase?: string; seen?: number }
}

const Item = defineKind<Item>({
  group: 'test.k1s.dev',
  version: 'v1',
  kind: 'Item',
  plural: 'items',
  namespaced: true,
  subresources: { status: true },
})

let runtime: Runtime
let client: Client
let count = 0
let name: string

beforeAll(async () => {
  runtime = await createRuntime({ storage: { type: 'memory' } })
  runtime.registerAPI(Item)
  client = runtime.client
})

beforeEach(() => {
  name = `item-${count++}`
})

afterAll(() => runtime.close())

describe.each([
  ['createOrUpdate', createOrUpdate],
  ['createOrPatch', createOrPatch],
])('%s', (_, createOr) => {
  test('creates the object as it was mutated, and fills it with what the API has', async () => {
    const item = newItem()
    const result = await createOr(client, Item, item, (object) => {
      object.spec = { size: 1 }
    })
    expect(result).toBe('created')
    expect(item).toEqual(await stored())
    expect(item.spec).toEqual({ size: 1 })
    expect(item.metadata.uid).toMatch(/-/)
  })

  test('creates the object as it is without a function', async () => {
    expect(await createOr(client, Item, { ...newItem(), spec: { size: 1 } })).toBe('created')
    expect((await stored()).spec).toEqual({ size: 1 })
  })

  test('updates an object that is there, from what the API has', async () => {
    await client.create({ ...newItem(), spec: { size: 1, tags: ['a'] } })
    const item = newItem()
    const result = await createOr(client, Item, item, () => {
      item.spec = { ...item.spec, size: 2 }
    })
    expect(result).toBe('updated')
    expect(item.spec).toEqual({ size: 2, tags: ['a'] })
    expect(item).toEqual(await stored())
  })

  test('waits for a function that returns a promise', async () => {
    const result = await createOr(client, Item, newItem(), async (object) => {
      await Promise.resolve()
      object.spec = { size: 3 }
    })
    expect(result).toBe('created')
    expect((await stored()).spec).toEqual({ size: 3 })
  })

  test('leaves an object alone that does not change', async () => {
    await client.create({ ...newItem(), spec: { size: 1 } })
    const write = vi.fn()
    const reader = { ...client, get: client.get.bind(client), update: write, patch: write }
    const result = await createOr(reader, Item, newItem(), (object) => {
      object.spec = { size: 1 }
      object.metadata.labels ??= {}
      object.metadata.finalizers ??= []
    })
    expect(result).toBe('unchanged')
    expect(write).not.toHaveBeenCalled()
  })

  test.each([
    ['name', 'that is new', false],
    ['namespace', 'that is new', false],
    ['name', 'that is there', true],
    ['namespace', 'that is there', true],
  ] as const)('does not let the function change the %s of an object %s', async (field, _state, isThere) => {
    if (isThere) await client.create(newItem())
    const result = createOr(client, Item, newItem(), ({ metadata }) => {
      metadata[field] = 'other'
    })
    await expect(result).rejects.toThrow('MutateFn cannot mutate object name and/or object namespace')
  })

  test('throws what the function throws, and writes nothing', async () => {
    const result = createOr(client, Item, newItem(), () => {
      throw new Error('cannot decide')
    })
    await expect(result).rejects.toThrow('cannot decide')
    await expect(stored()).rejects.toThrow('not found')
  })

  test('does nothing if the object cannot be read', async () => {
    const mutate = vi.fn()
    const broken = { ...client, get: () => Promise.reject(newInternalError(new Error('expected error'))) }
    await expect(createOr(broken, Item, newItem(), mutate)).rejects.toThrow('expected error')
    expect(mutate).not.toHaveBeenCalled()
  })

  test('does not change what the client shares with others', async () => {
    const created = await client.create({ ...newItem(), spec: { size: 1 } })
    const shared = deepFreeze(shareJson(structuredClone(created)))
    const caching = { ...client, get: () => Promise.resolve(shared as never) }
    Object.assign(caching, { update: client.update.bind(client), patch: client.patch.bind(client) })
    const result = await createOr(caching, Item, newItem(), (object) => {
      object.metadata.labels = { a: 'b' }
      object.spec!.size = 2
    })
    expect(result).toBe('updated')
    expect((await stored()).spec).toEqual({ size: 2 })
  })
})

describe('createOrPatch', () => {
  beforeEach(async () => {
    await client.create({ ...newItem(), spec: { size: 1 } })
  })

  test('sends only what changed', async () => {
    const patch = vi.spyOn(client, 'patch')
    await createOrPatch(client, Item, newItem(), (object) => {
      object.spec = { size: 2 }
    })
    expect(patch.mock.calls[0]?.[1].body).toEqual({ spec: { size: 2 } })
    patch.mockRestore()
  })

  test('removes what is no longer there', async () => {
    expect(await createOrPatch(client, Item, newItem(), (object) => void delete object.spec)).toBe('updated')
    expect((await stored()).spec).toBeUndefined()
  })

  test('writes the status alone', async () => {
    const item = newItem()
    const result = await createOrPatch(client, Item, item, (object) => {
      object.status = { phase: 'Ready' }
    })
    expect(result).toBe('updatedStatusOnly')
    expect(item).toEqual(await stored())
    expect(item.status).toEqual({ phase: 'Ready' })
  })

  test('writes the object and its status', async () => {
    const item = newItem()
    const result = await createOrPatch(client, Item, item, (object) => {
      object.spec = { size: 2 }
      object.status = { phase: 'Ready' }
    })
    expect(result).toBe('updatedStatus')
    expect(item).toEqual(await stored())
    expect(item).toMatchObject({ spec: { size: 2 }, status: { phase: 'Ready' } })
  })

  test('writes what changed of a status that is there, and removes what is gone', async () => {
    await client.status.update({ ...(await stored()), status: { phase: 'Ready', seen: 1 } })
    const changed = await createOrPatch(client, Item, newItem(), (object) => {
      object.status = { seen: 2 }
    })
    expect(changed).toBe('updatedStatusOnly')
    expect((await stored()).status).toEqual({ seen: 2 })
    const unchanged = await createOrPatch(client, Item, newItem(), (object) => {
      object.status = { seen: 2 }
    })
    expect(unchanged).toBe('unchanged')
  })
})

test('createOrUpdate does not write the status', async () => {
  await client.create({ ...newItem(), spec: { size: 1 } })
  const item = newItem()
  await createOrUpdate(client, Item, item, (object) => {
    object.spec = { size: 2 }
    object.status = { phase: 'Ready' }
  })
  expect((await stored()).status).toBeUndefined()
  expect(item.status).toBeUndefined()
})

function newItem(): Item {
  return { apiVersion: 'test.k1s.dev/v1', kind: 'Item', metadata: { namespace: 'default', name } }
}

function stored(): Promise<Item> {
  return client.get(Item, { namespace: 'default', name })
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const field of Object.values(value)) deepFreeze(field)
  return Object.freeze(value)
}
