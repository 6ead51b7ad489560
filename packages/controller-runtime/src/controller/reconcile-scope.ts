import { AsyncLocalStorage } from 'node:async_hooks'
import { messageOf, printableError } from '../printable-error.ts'

/** A promise that a reconcile began, and nobody awaited, was rejected with `cause`. */
export class UnhandledRejection extends Error {
  override name = 'UnhandledRejection'

  constructor(cause: unknown) {
    super(`unhandled rejection: ${messageOf(cause)}`, { cause })
  }
}

type Tell = (rejection: UnhandledRejection) => void

const storageName = Symbol.for('k1s.dev/reconcileScopes')

/** One for the whole process, also if there are several copies of this package. */
const holder = globalThis as unknown as { [storageName]?: AsyncLocalStorage<Tell> }

/**
 * Calls a function. When a promise that it began, directly or not, is rejected and nobody awaits it, `tell` is called in place of
 * the process ending, perhaps long after the function has returned. For that the process has a listener of `unhandledRejection`
 * from the first call on. Rejections that began anywhere else end the process as they would without it; other listeners are
 * called for all rejections.
 */
export function runInScope<T>(tell: Tell, run: () => T): T {
  return scopes().run(tell, run)
}

function scopes(): AsyncLocalStorage<Tell> {
  const known = holder[storageName]
  if (known !== undefined) return known
  const created = new AsyncLocalStorage<Tell>()
  holder[storageName] = created
  const onUnhandledRejection = (reason: unknown) => {
    // Node calls this in the context that the promise is of.
    const tell = created.getStore()
    if (tell !== undefined) tell(new UnhandledRejection(printableError(reason)))
    // What Node does if nobody listens.
    else if (process.listenerCount('unhandledRejection') === 1) throw reason
  }
  process.on('unhandledRejection', onUnhandledRejection)
  return created
}
