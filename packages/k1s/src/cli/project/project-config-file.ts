import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { findProjectConfig } from './find-project-config.ts'
import { requireOwnFile } from './require-own-file.ts'

/** The file of the project that a command is for: of its flag, else of `$K1S_PROJECT_CONFIG`, else the nearest. */
export function projectConfigFile(flag: string | undefined): string {
  const { K1S_PROJECT_CONFIG: variable = '' } = process.env
  const named = flag ?? (variable === '' ? undefined : variable)
  if (named !== undefined) {
    const file = resolve(named)
    if (existsSync(file)) return file
    const source = flag === undefined ? '$K1S_PROJECT_CONFIG' : '--project-config'
    throw new Error(`${source}: there is no file ${file}`)
  }
  const found = findProjectConfig(process.cwd())
  if (found !== undefined) {
    requireOwnFile(found)
    return found
  }
  throw new Error(
    `there is no k1s.config.ts (or .mts, .js, .mjs, .cjs) in ${process.cwd()} or above it: name one with --project-config or $K1S_PROJECT_CONFIG`,
  )
}
