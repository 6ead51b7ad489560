import type { ServerResponse } from 'node:http'

/** A client did not read for too long. */
export class StalledError extends Error {
  override readonly name = 'StalledError'
}

/**
 * Resolves when what was written has been taken, the connection is gone, or `signal` is aborted: a server that closes does
 * not wait for who does not read. A StalledError after `timeoutMs`.
 */
export function untilDrained(
  response: ServerResponse,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer)
      response.off('drain', onTaken).off('close', onTaken)
      signal.removeEventListener('abort', onTaken)
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
    signal.addEventListener('abort', onTaken)
    if (response.destroyed || signal.aborted) onTaken()
  })
}
