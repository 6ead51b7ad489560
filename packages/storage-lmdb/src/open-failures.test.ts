import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isInternalError, isServiceUnavailable } from '@k1s/apimachinery'
import { MvccStore, openStorage, storageKey, storagePrefix } from '@k1s/storage'
import { LmdbEngine } from '@k1s/storage-lmdb'
import { afterEach, beforeEach, expect, test } from 'vitest'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(`${tmpdir()}/k1s-failures-`)
})
afterEach(() => rmSync(directory, { recursive: true }))

const bytes = (text: string) => Buffer.from(text)
const prefix = storagePrefix({ tenant: 'demo', resource: 'configmaps' })
const key = (name: string) =>
  storageKey({ tenant: 'demo', resource: 'configmaps', namespace: 'default', name })
const configMap = (name: string, value = '') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { value },
})

function failure(path: string): unknown {
  try {
    new LmdbEngine({ path })
  } catch (error) {
    return error
  }
  throw new Error('it opened')
}

test('a path that is a file, or below one, cannot hold a store', () => {
  writeFileSync(`${directory}/file`, '')
  for (const path of [`${directory}/file`, `${directory}/file/below`]) {
    const error = failure(path)
    expect(isServiceUnavailable(error)).toBe(true)
    expect(String(error)).toContain(
      `${path} cannot hold a store: it, or a part of it, is a file and not a directory`,
    )
  }
})

test.skipIf(!existsSync('/proc/self'))('a place where no directory can be made is refused', () => {
  const error = failure('/proc/no/store')
  expect(isServiceUnavailable(error)).toBe(true)
  expect(String(error)).toContain('the store at /proc/no/store could not be opened: ENOENT')
})

test('a file that is no database is named and left alone', () => {
  for (const content of ['short', 'long'.repeat(10_000)]) {
    writeFileSync(`${directory}/data.mdb`, content)
    const error = failure(directory)
    expect(isServiceUnavailable(error)).toBe(true)
    expect(String(error)).toContain(`${directory}/data.mdb is damaged or not a store of k1s`)
    expect(readdirSync(directory)).toEqual(['data.mdb'])
  }
})

test('data of a newer format is refused, with what to do', async () => {
  const engine = new LmdbEngine({ path: directory })
  const meta = Buffer.alloc(24)
  meta.writeUInt32BE(3)
  await engine.write((transaction) => transaction.put(Buffer.from([1]), meta))
  let error: unknown
  try {
    new MvccStore(engine)
  } catch (thrown) {
    error = thrown
  }
  await engine.close()
  expect(isInternalError(error)).toBe(true)
  expect(String(error)).toContain(
    `${directory} was written by a newer k1s (format 3, this one reads up to 2); upgrade k1s`,
  )
})

test('openStorage finds it under its own name and that of bolt', async () => {
  const backends = { lmdb: () => import('@k1s/storage-lmdb') }
  for (const type of [undefined, 'lmdb', 'bolt']) {
    const store = await openStorage({ type, path: `${directory}/${type}` }, backends)
    await store.create(key('a'), configMap('a'))
    await store.close()
    expect(existsSync(`${directory}/${type}/data.mdb`)).toBe(true)
  }
})

test('the same directory can be open twice in a process', async () => {
  const [first, second] = [1, 2].map(() => new MvccStore(new LmdbEngine({ path: directory })))
  await first!.create(key('a'), configMap('a'))
  expect((await second!.getList(prefix)).items.length).toBe(1)
  await first!.close()
  await second!.create(key('b'), configMap('b'))
  expect((await second!.getList(prefix)).items.length).toBe(2)
  await second!.close()
  await using again = new MvccStore(new LmdbEngine({ path: directory }))
  expect((await again.getList(prefix)).items.length).toBe(2)
})

test('relaxed durability stores as well', async () => {
  await using store = new MvccStore(new LmdbEngine({ path: directory, durability: 'relaxed' }))
  await store.create(key('a'), configMap('a'))
  expect((await store.getList(prefix)).items.length).toBe(1)
})

const canMount = process.getuid?.() === 0 && process.platform === 'linux'

test.runIf(canMount)(
  'a full disk fails the write, keeps what was there, and is over when there is room',
  async (context) => {
    const disk = `${directory}/disk`
    mkdirSync(disk)
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk])
    context.skip(mounted.status !== 0, 'mounting is not allowed here')
    try {
      await using store = new MvccStore(new LmdbEngine({ path: `${disk}/store` }))
      let written = 0
      const fill = async () => {
        for (; ; written++)
          await store.create(key(`n${written}`), configMap(`n${written}`, 'x'.repeat(100_000)))
      }
      const error = await fill().then(undefined, (error: unknown) => error)
      expect(isServiceUnavailable(error)).toBe(true)
      expect(String(error)).toContain('the disk is full')
      expect(written).toBeGreaterThan(2)
      expect((await store.getList(prefix)).items.length).toBe(written)
      expect(await store.currentRevision()).toBe(written + 1)
      spawnSync('mount', ['-o', 'remount,size=64m', disk])
      await store.create(key('after'), configMap('after', 'x'.repeat(100_000)))
      expect((await store.getList(prefix)).items.length).toBe(written + 1)
    } finally {
      spawnSync('umount', ['-l', disk])
    }
  },
)

test.runIf(canMount)(
  'a read-only file system can be read, and says so when it is written',
  async (context) => {
    const disk = `${directory}/disk`
    mkdirSync(disk)
    const mounted = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', disk])
    context.skip(mounted.status !== 0, 'mounting is not allowed here')
    try {
      const writer = new LmdbEngine({ path: `${disk}/store` })
      await writer.write((transaction) => transaction.put(bytes('a'), bytes('1')))
      await writer.close()
      expect(spawnSync('mount', ['-o', 'remount,ro', disk]).status).toBe(0)
      const reader = new LmdbEngine({ path: `${disk}/store` })
      expect(reader.read((view) => String(view.get(bytes('a'))))).toBe('1')
      await expect(reader.write(() => 1)).rejects.toThrow(
        `the store at ${disk}/store cannot be written: its file system is read-only`,
      )
      await reader.close()
      expect(String(failure(`${disk}/other`))).toContain(
        `there is no store at ${disk}/other, and none can be made`,
      )
    } finally {
      spawnSync('umount', ['-l', disk])
    }
  },
)

test.runIf(canMount)('a full disk is said to be full before LMDB touches it', async (context) => {
  const disk = `${directory}/disk`
  mkdirSync(disk)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk])
  context.skip(mounted.status !== 0, 'mounting is not allowed here')
  try {
    const engine = new LmdbEngine({ path: `${disk}/store` })
    await engine.write((transaction) => transaction.put(bytes('a'), bytes('1')))
    await engine.close()
    rmSync(`${disk}/store/data.mdb-lock`)
    spawnSync('dd', ['if=/dev/zero', `of=${disk}/filler`, 'bs=4096'])
    for (const path of [`${disk}/store`, `${disk}/other`]) {
      const error = failure(path)
      expect(isServiceUnavailable(error)).toBe(true)
      expect(String(error)).toContain(`the store at ${path} could not be opened: the disk is full`)
    }
    rmSync(`${disk}/filler`)
    for (const path of [`${disk}/store`, `${disk}/other`]) await new LmdbEngine({ path }).close()
  } finally {
    spawnSync('umount', ['-l', disk])
  }
})

test('a change signal that cannot be sent fails no write', async () => {
  const path = `${directory}/store`
  await new LmdbEngine({ path }).close()
  rmSync(`${path}/signal`)
  mkdirSync(`${path}/signal`)
  const engine = new LmdbEngine({ path })
  await engine.write((transaction) => transaction.put(bytes('a'), bytes('1')))
  expect(engine.read((view) => String(view.get(bytes('a'))))).toBe('1')
  await engine.close()
})

test.each([
  ['removed', 'was removed'],
  ['replaced', 'was replaced by another one'],
])('a watch of a store that is %s ends with an error that says so', async (how, words) => {
  const path = `${directory}/store`
  const store = new MvccStore(new LmdbEngine({ path }))
  await store.create(key('a'), configMap('a'))
  const events = store.watch(prefix)[Symbol.asyncIterator]()
  expect((await events.next()).value).toMatchObject({ type: 'ADDED' })
  rmSync(path, { recursive: true })
  const other = how === 'replaced' ? new LmdbEngine({ path }) : undefined
  expect((await events.next()).value).toMatchObject({
    type: 'ERROR',
    object: { code: 503, message: `the store at ${path} ${words} while it was open` },
  })
  expect((await events.next()).done).toBe(true)
  await other?.close()
  await store.close()
})
