import { inspect } from 'node:util'

/**
 * The same error, whose message says more: test runners show what else it has, such as a difference. What is no Error
 * becomes the cause of one.
 */
export function explained(error: unknown, explanation: string): Error {
  if (!(error instanceof Error)) {
    const shown = typeof error === 'string' ? error : inspect(error)
    return new Error(`${shown}\n${explanation}`, { cause: error })
  }
  const message = `${error.message}\n${explanation}`
  // The stack begins with the message as it was.
  const stack = error.stack?.replace(error.message, () => message)
  try {
    Object.defineProperty(error, 'message', { value: message, configurable: true, writable: true })
    if (stack !== undefined)
      Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true })
    return error
  } catch {
    return new Error(message, { cause: error })
  }
}
