import { readdirSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

// Tests run on the sources, so that they need no build; only tests of the command line run the built bundle.
const packages = readdirSync(new URL('./packages/', import.meta.url))

export default defineConfig({
  resolve: {
    alias: packages.flatMap((name) => {
      const source = new URL(`./packages/${name}/src/`, import.meta.url).pathname
      const specifier = name === 'k1s' ? 'k1s' : `@k1s/${name}`
      return [
        { find: new RegExp(`^${specifier}$`), replacement: `${source}index.ts` },
        { find: new RegExp(`^${specifier}/([a-z-]+)$`), replacement: `${source}$1/index.ts` },
      ]
    }),
  },
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'examples/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'threads',
    // Many tests wait for processes and disks; by default, one core would be left idle.
    maxWorkers: '100%',
  },
})
