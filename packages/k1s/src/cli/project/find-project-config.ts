import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

const fileNames = ['ts', 'mts', 'js', 'mjs', 'cjs'].map((extension) => `k1s.config.${extension}`)

/**
 * The file with a project's controllers: `k1s.config.ts` and its like in a directory, or the nearest above it. Part of every
 * command that writes, so it may cost a look at each directory and nothing more.
 */
export function findProjectConfig(directory: string): string | undefined {
  for (let at = directory; ; at = dirname(at)) {
    const name = fileNames.find((candidate) => existsSync(join(at, candidate)))
    if (name !== undefined) return join(at, name)
    if (dirname(at) === at) return undefined
  }
}
