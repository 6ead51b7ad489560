import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { loadServingCertificate } from './certificate-files.ts'

test('certificates that are there are read without loading what makes them', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'k1s-lazy-'))
  const made = await loadServingCertificate(directory, ['localhost'])
  const loaded: string[] = []
  for (const name of ['@peculiar/x509', 'reflect-metadata']) {
    vi.doMock(name, () => {
      loaded.push(name)
      return {}
    })
  }
  vi.resetModules()
  const fresh = await import('./certificate-files.ts')
  expect(await fresh.loadServingCertificate(directory, ['localhost'])).toEqual(made)
  expect(loaded).toEqual([])
  await expect(fresh.loadServingCertificate(directory, ['another.name'])).rejects.toThrow()
  expect(loaded).toContain('@peculiar/x509')
  rmSync(directory, { recursive: true })
})
