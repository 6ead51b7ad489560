import { type StorageInterface, storagePrefix } from '@k1s/storage'

/**
 * Why nothing can be stored any more, once that is so: somebody removed the store from under its server, which would go
 * on answering from files that nobody else can see. Never resolves otherwise, until `signal` is aborted.
 */
export async function storeLoss(
  storage: StorageInterface,
  tenant: string,
  signal: AbortSignal,
): Promise<Error | undefined> {
  const prefix = storagePrefix({ tenant, resource: 'namespaces' })
  while (!signal.aborted) {
    const resourceVersion = String(await storage.currentRevision())
    for await (const event of storage.watch(prefix, { resourceVersion, signal })) {
      // A watch that fell behind what is kept starts again.
      if (event.type === 'ERROR' && event.object.reason !== 'Expired') {
        return new Error(event.object.message ?? 'the store was lost')
      }
    }
  }
  return undefined
}
