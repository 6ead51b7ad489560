import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { testServer } from './http-server.ts'

const { send } = testServer()

test('the index lists all paths in order', async () => {
  const response = await send('GET', '/')
  expect(response.headers.get('content-type')).toBe('application/json')
  const { paths } = (await response.json()) as { paths: string[] }
  expect(paths).toEqual([...paths].sort())
  expect(paths).toEqual(
    expect.arrayContaining([
      '/api',
      '/api/v1',
      '/apis',
      '/apis/coordination.k8s.io',
      '/apis/coordination.k8s.io/v1',
      '/livez/storage',
      '/metrics',
      '/openapi/v3',
      '/readyz/shutdown',
      '/version',
    ]),
  )
  for (const path of paths) expect([path, (await send('GET', path)).status]).not.toEqual([path, 404])
})

test('the version is that of Kubernetes, with that of k1s behind it', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const info = (await (await send('GET', '/version')).json()) as { [name: string]: string }
  expect(info.gitVersion).toBe(`v${info.major}.${info.minor}.0+k1s.${version}`)
  expect(info.platform).toMatch(/^[a-z]+\/[a-z0-9]+$/)
  expect((await send('POST', '/version', {})).status).toBe(405)
})
