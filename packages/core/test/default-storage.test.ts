import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createRuntime, type RuntimeOptions } from '@k1s/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(`${tmpdir()}/k1s-default-`)
  vi.stubEnv('HOME', directory)
  vi.stubEnv('XDG_DATA_HOME', '')
  vi.stubEnv('K1S_DATA_DIR', '')
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(directory, { recursive: true })
})

test.each<[string, RuntimeOptions | undefined]>([
  ['no options', undefined],
  ['no storage', { tenant: 'demo' }],
  ['no path', { storage: {} }],
])('%s: the store is where that of the command line is', async (_, options) => {
  await (await createRuntime(options)).close()
  expect(existsSync(`${directory}/.local/share/k1s/data.mdb`)).toBe(true)
})

test('XDG_DATA_HOME and K1S_DATA_DIR name other places, the latter first', async () => {
  vi.stubEnv('XDG_DATA_HOME', `${directory}/xdg`)
  await (await createRuntime()).close()
  vi.stubEnv('K1S_DATA_DIR', `${directory}/own`)
  await (await createRuntime()).close()
  expect(readdirSync(directory).sort()).toEqual(['own', 'xdg'])
  expect(readdirSync(`${directory}/own`)).toContain('data.mdb')
  expect(readdirSync(`${directory}/xdg/k1s`)).toContain('data.mdb')
})

test('an empty path is refused', async () => {
  await expect(createRuntime({ storage: { path: '' } })).rejects.toThrow(
    'the path of the store must not be empty',
  )
})
