import { linkSync, mkdtempSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { type EnvironmentOptions, makeEnvironment } from './claim-environment.ts'
import { codeOf } from './database-error.ts'

/** What a file system without hard links says. */
const noLinks: readonly unknown[] = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK']

/**
 * Makes a database, unless there is one by then. It is there as a whole or not at all: LMDB makes it in its place, and if the process
 * that does so is killed half way, two others may both do it, the slower one on top of what the other has committed meanwhile.
 */
export function createDatabase(file: string, options: EnvironmentOptions): void {
  const directory = mkdtempSync(`${dirname(file)}/.new-`)
  try {
    makeEnvironment(`${directory}/data.mdb`, options)
    linkSync(`${directory}/data.mdb`, file)
  } catch (error) {
    const code = codeOf(error)
    if (code !== 'EEXIST' && !noLinks.includes(code)) throw error
  } finally {
    rmSync(directory, { recursive: true })
  }
}
