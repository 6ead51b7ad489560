import { isConnectionError } from '@k1s/core'
import { addSourceToError } from '../errors/source.ts'
import type { BulkApi } from './bulk-api.ts'
import { visitExisting } from './existing-objects.ts'
import { forEachAtOnce } from './for-each-at-once.ts'
import type { ImportOptions, ImportOutcome, ImportResult, OutcomeKind } from './import-options.ts'
import { planImport } from './import-plan.ts'
import { ImportProblem, ImportRefusedError } from './import-refused-error.ts'
import { ObjectImporter } from './object-importer.ts'
import { describeObject } from './object-name.ts'
import type { PlannedObject } from './planned-object.ts'
import type { Manifest } from './read-manifests.ts'

const defaultParallel = 64

/**
 * Creates objects in a store or cluster: namespaces and definitions first, owners before what they own, with references
 * to the owners as they are there. An object that is there already and is the same is left alone, so that an import that
 * was ended can be repeated.
 *
 * Throws an ImportRefusedError before anything is written if kinds, namespaces or owners are missing or objects are in
 * the way, and what reading the manifests throws. After that, errors are collected: whatever needs an object that failed
 * is not tried, all else is. When the server cannot be reached any more, nothing more is tried.
 */
export async function importObjects(
  api: BulkApi,
  manifests: AsyncIterable<Manifest> | Iterable<Manifest>,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const { parallel = defaultParallel, onConflict = 'fail' } = options
  const plan = await planImport(api, manifests, { ...options, parallel })
  const importer = new ObjectImporter(api, options)
  const existing = new Set<PlannedObject>()
  const problems = [...plan.problems]
  if (onConflict === 'fail') {
    await visitExisting(api, plan.objects, parallel, async (planned, stored) => {
      existing.add(planned)
      if (await importer.isSame(planned, stored)) return
      problems.push(
        new ImportProblem(
          'Exists',
          `${describeObject(planned)} already exists, and differs from what is to be imported`,
        ),
      )
    })
  }
  if (problems.length > 0) throw new ImportRefusedError(problems)
  options.onPlan?.(plan.objects.length)

  const run = new ImportRun(importer, options, existing)
  for (const wave of plan.waves) {
    run.remaining += await forEachAtOnce(wave, parallel, (planned) => run.import(planned), run.signal)
  }
  await run.addDeferredOwners(plan.objects, parallel)
  return run.result(plan.objects.length)
}

class ImportRun {
  /** Objects that were not tried. */
  remaining = 0
  /** Aborted when nothing more is to be tried. */
  readonly signal: AbortSignal
  readonly #stop = new AbortController()
  readonly #importer: ObjectImporter
  readonly #options: ImportOptions
  readonly #existing: ReadonlySet<PlannedObject>
  readonly #outcomes = new Map<PlannedObject, OutcomeKind>()
  readonly #errors: Error[] = []
  readonly #counts: { [outcome in OutcomeKind]: number } = {
    created: 0,
    updated: 0,
    unchanged: 0,
    skipped: 0,
    failed: 0,
    blocked: 0,
    unchecked: 0,
  }

  constructor(importer: ObjectImporter, options: ImportOptions, existing: ReadonlySet<PlannedObject>) {
    const { signal } = options
    this.signal = signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal])
    this.#importer = importer
    this.#options = options
    this.#existing = existing
  }

  async import(planned: PlannedObject): Promise<void> {
    const hindrance = this.#hindranceOf(planned)
    if (hindrance !== undefined) return this.#report(planned, hindrance)
    try {
      this.#report(planned, await this.#importer.import(planned, this.#existing.has(planned)))
    } catch (error) {
      this.#report(planned, 'failed', error)
      // The others would fail as well, each with the same words.
      if (isConnectionError(error)) this.#stop.abort()
    }
  }

  /** The references of circles, as far as both ends are there. */
  async addDeferredOwners(objects: readonly PlannedObject[], parallel: number): Promise<void> {
    if ((this.#options.dryRun ?? 'none') !== 'none') return
    const waiting = objects.filter((object) => {
      const outcome = this.#outcomes.get(object)
      const isThere = outcome === 'created' || outcome === 'updated' || outcome === 'unchanged'
      return isThere && object.owners.some(({ deferred }) => deferred)
    })
    await forEachAtOnce(waiting, parallel, async (planned) => {
      const absent = planned.owners.find(({ deferred, imported }) => deferred && this.#isAbsent(imported!))
      try {
        if (absent !== undefined) throw new Error(`${describeObject(absent.imported!)} is not there`)
        await this.#importer.addDeferredOwners(planned)
      } catch (error) {
        const outcome = this.#outcomes.get(planned)!
        this.#counts[outcome]--
        const why = error instanceof Error ? error.message : String(error)
        this.#report(
          planned,
          'failed',
          new Error(`the object is ${outcome}, but not all of its owners are set: ${why}`),
        )
      }
    })
  }

  result(total: number): ImportResult {
    return {
      total,
      counts: this.#counts,
      errors: this.#errors,
      interrupted: this.remaining > 0,
      remaining: this.remaining,
    }
  }

  /** What is there without its status, or without one of its owners, can still own. */
  #isAbsent(planned: PlannedObject): boolean {
    const outcome = this.#outcomes.get(planned)
    if (outcome === 'failed') return !this.#importer.isThere(planned)
    return outcome === undefined || outcome === 'blocked'
  }

  /** What keeps the object from being tried at all. */
  #hindranceOf({ requires, owners }: PlannedObject): OutcomeKind | undefined {
    const required = requires.map((need) => this.#outcomes.get(need))
    const immediate = owners.flatMap(({ imported, deferred }) => (imported && !deferred ? [imported] : []))
    if (required.includes('failed') || required.includes('blocked')) return 'blocked'
    if (immediate.some((owner) => this.#isAbsent(owner))) return 'blocked'
    if (this.#options.dryRun !== 'server') return undefined
    const isYetToCome =
      required.includes('created') ||
      required.includes('unchecked') ||
      immediate.some((owner) => this.#outcomes.get(owner) === 'unchecked')
    return isYetToCome ? 'unchecked' : undefined
  }

  #report(planned: PlannedObject, outcome: OutcomeKind, thrown?: unknown): void {
    const { group, kind, namespace, name } = planned
    this.#outcomes.set(planned, outcome)
    this.#counts[outcome]++
    const report: ImportOutcome = { outcome, group, kind, namespace, name }
    if (thrown === undefined) {
      this.#options.onOutcome?.(report)
      return
    }
    const error = addSourceToError('importing', planned.source, thrown)
    this.#errors.push(error)
    this.#options.onOutcome?.({ ...report, error })
  }
}
