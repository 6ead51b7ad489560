/** What becomes whole at some time: an informer, or the registration of a handler. */
export interface Syncing {
  readonly hasSynced: boolean
  /** Resolves once it has. */
  readonly synced: Promise<void>
}

/** Waits until all have synced: `cache.WaitForCacheSync`. False if the signal aborts before. */
export async function waitForCacheSync(
  signal: AbortSignal,
  ...syncing: readonly Syncing[]
): Promise<boolean> {
  const hasSynced = () => syncing.every((each) => each.hasSynced)
  if (!hasSynced() && !signal.aborted) {
    const { promise: aborted, release } = whenAborted(signal)
    await Promise.race([aborted, Promise.all(syncing.map(({ synced }) => synced))])
    release()
  }
  return hasSynced()
}

function whenAborted(signal: AbortSignal) {
  let release = () => {}
  const promise = new Promise<void>((resolve) => {
    const onAbort = () => resolve()
    signal.addEventListener('abort', onAbort)
    release = () => signal.removeEventListener('abort', onAbort)
  })
  return { promise, release }
}
