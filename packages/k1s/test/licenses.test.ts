import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../../', import.meta.url)
const packages = readdirSync(new URL('packages/', root))

const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

test.each(packages)('the package %s has the licence of the repository', (name) => {
  expect(JSON.parse(read(`packages/${name}/package.json`)).license).toBe('Apache-2.0')
  expect(read(`packages/${name}/LICENSE`)).toBe(read('LICENSE'))
})

test('the bundle of the command line has the licences of what it depends on', () => {
  const dependencies = packages.flatMap((name) =>
    Object.keys(JSON.parse(read(`packages/${name}/package.json`)).dependencies ?? {}),
  )
  // Packages of this repository, and what is not bundled.
  const bundled = dependencies.filter(
    (name) => !name.startsWith('@k1s/') && name !== 'k1s' && name !== 'jiti',
  )
  const named = [...read('packages/k1s/bundle/THIRD-PARTY-NOTICES').matchAll(/^(\S+) \d\S* \(.+\)$/gm)]
  expect(named.map((match) => match[1])).toEqual(expect.arrayContaining(bundled))
})
