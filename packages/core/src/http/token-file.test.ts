import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tokenFile } from './token-file.ts'

let directory: string
let path: string
let time = 0
const open = () => tokenFile(path, {}, () => time)

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'k1s-token-'))
  path = join(directory, 'token')
  await writeFile(path, 'first\n')
})
afterEach(() => rm(directory, { recursive: true }))

test('the token is read again after a minute less its leeway', async () => {
  const credentials = await open()
  await writeFile(path, 'second')
  expect(await credentials.current()).toEqual({ authorization: 'Bearer first' })
  time += 50_000
  expect(await credentials.current()).toEqual({ authorization: 'Bearer second' })
})

test('a token that was refused is read again at once', async () => {
  const credentials = await open()
  const first = await credentials.current()
  expect(await credentials.refused?.(first)).toBe(false)
  await writeFile(path, 'second')
  expect(await credentials.refused?.(first)).toBe(true)
  expect(await credentials.current()).toEqual({ authorization: 'Bearer second' })
})

test('what was read before counts while the file cannot be read or is empty', async () => {
  const credentials = await open()
  for (const spoil of [() => writeFile(path, ' \n'), () => rm(path)]) {
    await spoil()
    time += 50_000
    expect(await credentials.current()).toEqual({ authorization: 'Bearer first' })
  }
})

test('a file that cannot be read at first is an error', async () => {
  await writeFile(path, '')
  await expect(open()).rejects.toThrow(`read empty token from file ${JSON.stringify(path)}`)
  await rm(path)
  await expect(open()).rejects.toThrow(
    `failed to read token file ${JSON.stringify(path)}: open ${path}: no such file or directory`,
  )
})
