import type { Logger, ReconcileFunction, Reconciler, Request, Result } from '@k1s/controller-runtime'

/** Calls a reconciler as a controller does, and throws what it throws. The signal aborts when what it is called for ends. */
export async function reconcileOnce(
  reconciler: Reconciler | ReconcileFunction,
  request: Request,
  logger: Logger,
  signal: AbortSignal,
): Promise<Result> {
  const reconcileID = crypto.randomUUID()
  const log = logger.withValues({ ...request, reconcileID })
  const context = { signal, log, reconcileID }
  const result =
    typeof reconciler === 'function'
      ? await reconciler(request, context)
      : await reconciler.reconcile(request, context)
  return result ?? {}
}
