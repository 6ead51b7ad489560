/**
 * Puts the frames of the caller of an async function at the end of an error's stack, which reaches only ten frames up. To be
 * called by that function itself.
 */
export function addCaller(error: unknown, callee: (...args: never[]) => unknown): void {
  if (!(error instanceof Error)) return
  const caller: { stack?: string } = {}
  Error.captureStackTrace(caller, callee)
  const stack = error.stack ?? String(error)
  const missing = (caller.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at ') && !stack.includes(line))
  error.stack = [stack, ...missing].join('\n')
}
