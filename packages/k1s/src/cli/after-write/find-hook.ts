import { findProjectConfig } from '../project/find-project-config.ts'
import type { AfterWriteHook } from './after-write-hook.ts'

/** A directory that was removed has no files. */
function findProjectConfigHere(): string | undefined {
  let directory: string
  try {
    directory = process.cwd()
  } catch {
    return undefined
  }
  return findProjectConfig(directory)
}

/**
 * The hook of a command that may write, if there is a project that may have one. `path` is the command as typed, with
 * `k1s`. Without a project nothing is loaded.
 */
export async function findHook(path: string): Promise<AfterWriteHook | undefined> {
  const { K1S_RUN_CONTROLLERS: wish = '', K1S_PROJECT_CONFIG: named = '' } = process.env
  if (/^(0|f|false)$/i.test(wish)) return undefined
  if (named === '' && findProjectConfigHere() === undefined) return undefined
  const { AfterWriteHook } = await import('./after-write-hook.ts')
  return new AfterWriteHook(path.split(' ')[1] ?? '')
}
