import { UsageError } from '@k1s/cli-runtime'
import { parseBoolean } from '../flag-set.ts'
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

function parseWish(text: string): boolean {
  try {
    return parseBoolean(text)
  } catch (error) {
    throw new UsageError(
      `invalid value ${JSON.stringify(text)} of $K1S_RUN_CONTROLLERS: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

/**
 * The hook of a command that may write, if there is a project that may have one; without a project nothing is loaded. `path`
 * is the command as typed, with `k1s`. `isAskedFor` says whether its flag was given, and with it `$K1S_RUN_CONTROLLERS` does
 * not count. Otherwise throws a UsageError if that is neither true nor false.
 */
export async function findHook(path: string, isAskedFor: boolean): Promise<AfterWriteHook | undefined> {
  const { K1S_RUN_CONTROLLERS: wish = '', K1S_PROJECT_CONFIG: named = '' } = process.env
  if (!isAskedFor && wish !== '' && !parseWish(wish)) return undefined
  if (named === '' && findProjectConfigHere() === undefined) return undefined
  const { AfterWriteHook } = await import('./after-write-hook.ts')
  return new AfterWriteHook(path.split(' ')[1] ?? '')
}
