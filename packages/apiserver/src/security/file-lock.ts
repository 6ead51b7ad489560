import { closeSync, openSync, rmSync, statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** A process that holds a lock for longer is gone. In milliseconds. */
const abandonedAfter = 5_000
const pollInterval = 20

/**
 * Runs `change` while nobody else changes the file: with `FILE.lock` beside it, as `clientcmd.ModifyConfig` of client-go
 * does it, so that kubectl takes part. kubectl gives up when there is one; this waits, and takes over what was left behind.
 */
export async function withFileLock(file: string, change: () => Promise<void>): Promise<void> {
  const lock = `${file}.lock`
  while (!tryLock(lock)) await delay(pollInterval)
  try {
    await change()
  } finally {
    rmSync(lock, { force: true })
  }
}

function tryLock(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new Error(`cannot make ${lock}: ${(error as Error).message}`, { cause: error })
    }
  }
  const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs
  if (since !== undefined && Date.now() - since > abandonedAfter) rmSync(lock, { force: true })
  return false
}
