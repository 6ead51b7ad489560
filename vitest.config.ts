import { readdirSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

// Tests run on the sources, so that they need no build; only tests of the command line run the built bundle.
const packages = readdirSync(new URL('./packages/', import.meta.url))

/** Tests that leave modules and the surroundings of the process as they were. */
const units = [
  'packages/*/src/**/*.test.ts',
  'packages/apimachinery/test/**/*.test.ts',
  'packages/core/test/!(http-*|processes|killed-deletions).test.ts',
]

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
    projects: [
      // These share the modules that their worker has loaded, which takes much of the time.
      { extends: true, test: { name: 'units', isolate: false, include: units } },
      {
        extends: true,
        test: { name: 'outside', include: ['{packages/*/test,examples}/**/*.test.ts'], exclude: units },
      },
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'threads',
    // Many tests wait for processes and disks; by default, one core would be left idle.
    maxWorkers: '100%',
  },
})
