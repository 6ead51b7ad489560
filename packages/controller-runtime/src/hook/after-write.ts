import { checkFields, type FieldsOf } from '@k1s/apimachinery'
import type { ManagedController } from '../controller/managed-controller.ts'
import { type Duration, milliseconds } from '../duration.ts'
import type { Manager, RunProgress } from '../manager/manager.ts'
import type { RunReport } from '../trigger/run-report.ts'
import { isTriggeredByEvents } from '../trigger/trigger.ts'
import { mergeReports } from './merge-reports.ts'

/** The group and resource of a kind that was written; any `Kind` is one. */
export interface WrittenKind {
  readonly group: string
  readonly plural: string
}

/**
 * Which controllers run after a write.
 *
 * - `changed`: those that are triggered by events and watch a kind that was written. If they reconciled anything, all that are
 *   triggered by events run after them, since what they wrote may concern those.
 * - `all`: all that have a trigger other than `manual`.
 * - names: these, whatever their triggers are.
 */
export type AfterWriteControllers = 'changed' | 'all' | readonly string[]

export interface AfterWriteOptions {
  /** What was written. Default: unknown, so that it may have been anything. */
  readonly kinds?: readonly WrittenKind[]
  /** Default: `changed`. */
  readonly controllers?: AfterWriteControllers
  /** How long the controllers may take; what is left is remembered for the next run. Default: 10 s. */
  readonly deadline?: Duration
  readonly signal?: AbortSignal
  /** Called now and then with how far the run is. */
  readonly onProgress?: (progress: RunProgress) => void
}

const fields: FieldsOf<AfterWriteOptions> = {
  kinds: true,
  controllers: true,
  deadline: true,
  signal: true,
  onProgress: true,
}

/** Milliseconds. */
const defaultDeadline = 10_000

/**
 * Runs the controllers that a write concerns, until they have nothing to do: for an application to call after its own
 * command. It throws what `runOnce` throws; what goes wrong in a controller is in the report, which is empty if the write concerns
 * none.
 *
 * ```ts
 * await client.create(item)
 * const report = await afterWrite(manager, { kinds: [Item], deadline: '5s' })
 * ```
 */
export async function afterWrite(manager: Manager, options: AfterWriteOptions = {}): Promise<RunReport> {
  checkFields('afterWrite', options, fields)
  const { clock } = manager
  const { kinds, controllers = 'changed', deadline = defaultDeadline, signal, onProgress } = options
  const endsAt = clock.now() + milliseconds(deadline)
  const run = (names: readonly string[] | undefined) =>
    manager.runOnce({
      ...(names !== undefined && { controllers: names }),
      deadline: Math.max(endsAt - clock.now(), 0),
      ...(signal !== undefined && { signal }),
      ...(onProgress !== undefined && { onProgress }),
    })
  if (controllers === 'all') return run(undefined)
  if (controllers !== 'changed') return run(controllers)

  const triggered = manager.controllers.filter(({ triggers }) => isTriggeredByEvents(triggers))
  const concerned = kinds === undefined ? triggered : triggered.filter((one) => watchesAny(one, kinds))
  if (concerned.length === 0) return { controllers: [], duration: 0 }
  const report = await run(concerned.map(({ name }) => name))
  const mayGoOn = report.controllers.every(({ outcome }) => outcome !== 'interrupted')
  // What the first ones wrote may concern the others.
  if (concerned.length === triggered.length || !mayGoOn || !didSomething(report)) return report
  return mergeReports(report, await run(triggered.map(({ name }) => name)))
}

function watchesAny({ sources }: ManagedController, kinds: readonly WrittenKind[]): boolean {
  return sources.some(
    (source) =>
      source.type === 'Kind' &&
      kinds.some(({ group, plural }) => source.kind.group === group && source.kind.plural === plural),
  )
}

function didSomething({ controllers }: RunReport): boolean {
  return controllers.some(({ reconciles }) => reconciles > 0)
}
