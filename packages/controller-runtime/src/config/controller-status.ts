import { ignoreNotFound } from '../client/ignore-errors.ts'
import { type HolderProcess, holderProcess } from '../leader-election/holder-process.ts'
import { Lease } from '../leader-election/lease.ts'
import type { Manager } from '../manager/manager.ts'
import { nextPeriod } from '../trigger/periods.ts'
import { resourceOf } from '../trigger/replay.ts'
import { defaultStateNamespace, StateStore, stateName } from '../trigger/state-store.ts'
import type { Trigger } from '../trigger/trigger.ts'

/** What the state and the Lease of a controller say. Times are in milliseconds since the epoch. */
export interface ControllerStatus {
  readonly controller: string
  readonly triggers: readonly Trigger[]
  /** Resources that it watches: `items.inventory.k1s.dev`. */
  readonly resources: readonly string[]
  /** The identity of the process that runs it, or ran it when it was killed. */
  readonly holder: string | undefined
  /** That process, where the identity says which it is. */
  readonly holderProcess: HolderProcess | undefined
  /** How many requests are left for the next run, or wait for their time. */
  readonly pending: number
  /** When the first of them is due, or the next period begins. */
  readonly nextDue: number | undefined
  /** When its Lease was last renewed or given back: a run that finds nothing to do does not take it. */
  readonly lastRun: number | undefined
  /** By resource, the version up to which it has seen all events. Empty if the next run looks at all objects. */
  readonly resourceVersions: { readonly [resource: string]: string }
}

/** What is known of all controllers of a manager, in its order. */
export function controllerStatuses(
  manager: Manager,
  stateNamespace = defaultStateNamespace,
): Promise<ControllerStatus[]> {
  const states = new StateStore(manager.apiReader, stateNamespace)
  return Promise.all(
    manager.controllers.map(async ({ name, triggers, sources }) => {
      const [{ pending, resourceVersions, lastPeriod }, lease] = await Promise.all([
        states.load(name),
        manager.apiReader
          .get(Lease, { namespace: stateNamespace, name: stateName(name) })
          .catch(ignoreNotFound),
      ])
      const { holderIdentity, renewTime } = lease?.spec ?? {}
      const holder = holderIdentity === '' ? undefined : holderIdentity
      const nextBeginning =
        lastPeriod === undefined ? Number.POSITIVE_INFINITY : nextPeriod(triggers, lastPeriod)
      const nextDue = least([...pending.map(({ dueAt }) => dueAt), nextBeginning])
      return {
        controller: name,
        triggers,
        resources: [
          ...new Set(sources.flatMap((source) => (source.type === 'Kind' ? [resourceOf(source.kind)] : []))),
        ],
        holder,
        holderProcess: holder === undefined ? undefined : holderProcess(holder),
        pending: pending.length,
        nextDue: nextDue === Number.POSITIVE_INFINITY ? undefined : nextDue,
        lastRun: renewTime === undefined ? undefined : Date.parse(renewTime),
        resourceVersions: Object.fromEntries(
          Object.entries(resourceVersions).filter(([resource]) => !resource.includes('/')),
        ),
      }
    }),
  )
}

/** Not `Math.min(...numbers)`: there may be more of them than a call can have arguments. */
function least(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b))
}
