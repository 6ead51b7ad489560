import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../../', import.meta.url)
const packages = readdirSync(new URL('packages/', root))

test.each(packages)('the package %s has the licence of the repository', (name) => {
  const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
  expect(JSON.parse(read(`packages/${name}/package.json`)).license).toBe('Apache-2.0')
  expect(read(`packages/${name}/LICENSE`)).toBe(read('LICENSE'))
})
