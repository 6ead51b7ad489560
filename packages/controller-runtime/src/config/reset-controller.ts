import { defaultLeaseTimes } from '../leader-election/lease.ts'
import { LeaseLock } from '../leader-election/lease-lock.ts'
import type { Manager } from '../manager/manager.ts'
import { defaultStateNamespace, StateStore, stateName } from '../trigger/state-store.ts'

/**
 * Forgets what a controller has seen, what is pending, and when it ran: its next run looks at all objects, as the first one does.
 * Throws an Error if it is running.
 */
export async function resetController(
  manager: Manager,
  controller: string,
  namespace = defaultStateNamespace,
): Promise<void> {
  const { apiReader: client, clock } = manager
  const name = stateName(controller)
  const held = await new LeaseLock({ client, clock, namespace, name, ...defaultLeaseTimes }).tryAcquire()
  if (held === undefined) throw new Error(`controller ${controller} is running in another process`)
  try {
    await new StateStore(client, namespace).remove(controller)
    await held.remove()
  } catch (error) {
    await held.release()
    throw error
  }
}
