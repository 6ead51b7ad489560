import type { Logger, ReconcileFunction, Reconciler, Result } from '@k1s/controller-runtime'

/** Calls a reconciler as a controller does, and throws what it throws. The signal aborts when what it is called for ends. */
export async function reconcileOnce(
  reconciler: Reconciler | ReconcileFunction,
  { name, namespace = '' }: { readonly name: string; readonly namespace?: string },
  logger: Logger,
  signal: AbortSignal,
): Promise<Result> {
  const reconcileID = crypto.randomUUID()
  const log = logger.withValues({ namespace, name, reconcileID })
  const request = { namespace, name }
  const context = { signal, log, reconcileID }
  const result =
    typeof reconciler === 'function'
      ? await reconciler(request, context)
      : await reconciler.reconcile(request, context)
  return result ?? {}
}
