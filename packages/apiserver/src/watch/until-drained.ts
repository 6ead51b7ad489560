import type { ServerResponse } from 'node:http'

/** A client did not read for too long. */
export class StalledError extends Error {
  override readonly name = 'StalledError'
}

/** Resolves when what was written has been taken, or the connection is gone. A StalledError after `timeoutMs`. */
export function untilDrained(response: ServerResponse, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer)
      response.off('drain', onTaken).off('close', onTaken)
    }
    const onTaken = () => {
      settle()
      resolve()
    }
    const timer = setTimeout(() => {
      settle()
      reject(new StalledError())
    }, timeoutMs)
    response.on('drain', onTaken).on('close', onTaken)
    if (response.destroyed) onTaken()
  })
}
