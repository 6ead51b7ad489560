import { equalJson, isAlreadyExists, isConflict, isStatusError, type Unstructured } from '@k1s/apimachinery'
import { mergePatch, type ObjectKey, type WriteOptions } from '@k1s/core'
import { awaitDefinition } from './await-definition.ts'
import type { BulkApi } from './bulk-api.ts'
import { type DesiredObject, desiredObject, hasSameOwners, isSameObject } from './desired-object.ts'
import { readObject } from './existing-objects.ts'
import type { ImportOptions, OutcomeKind } from './import-options.ts'
import { isDefinition, isNamespace } from './import-order.ts'
import { describeObject } from './object-name.ts'
import type { PlannedObject, PlannedOwner } from './planned-object.ts'
import { retryWhenTold } from './retry-when-told.ts'
import { isUntouched } from './system-objects.ts'

/** How often a write is repeated that somebody else was faster than. */
const maxAttempts = 5
const defaultEstablishTimeoutMs = 60_000
const defaultFieldManager = 'k1s-import'

/** Imports one object after the other, and remembers their uids for those that they own. */
export class ObjectImporter {
  readonly #api: BulkApi
  readonly #options: ImportOptions
  readonly #writeOptions: WriteOptions & { fieldManager: string }
  readonly #uids = new Map<PlannedObject, string>()

  constructor(api: BulkApi, options: ImportOptions) {
    const { dryRun = 'none', fieldManager = defaultFieldManager, fieldValidation, onWarning } = options
    this.#api = api
    this.#options = options
    this.#writeOptions = {
      fieldManager,
      dryRun: dryRun === 'server',
      ...(fieldValidation !== undefined && { fieldValidation }),
      ...(onWarning !== undefined && { onWarning }),
    }
  }

  /** Whether what is stored is what the import makes of it, as far as can be told without writing. */
  async isSame(planned: PlannedObject, stored: Unstructured): Promise<boolean> {
    return this.#isSame(planned, this.#desired(planned), stored)
  }

  /** Makes the object what it is to be. `exists`: it was seen in the target. */
  async import(planned: PlannedObject, exists: boolean): Promise<OutcomeKind> {
    const outcome = await retryWhenTold(() => this.#import(planned, exists))
    const isWritten = (this.#options.dryRun ?? 'none') === 'none' && outcome !== 'skipped'
    if (isWritten && isDefinition(planned)) {
      const { establishTimeoutMs = defaultEstablishTimeoutMs } = this.#options
      await awaitDefinition(this.#api, planned, establishTimeoutMs)
    }
    return outcome
  }

  /** Whether the object was seen or created in the target, whatever failed after that. */
  isThere(planned: PlannedObject): boolean {
    return this.#uids.has(planned)
  }

  /** Adds the references to owners that were created after the object. */
  async addDeferredOwners(planned: PlannedObject): Promise<void> {
    const { body, references } = this.#desired(planned)
    const patch = mergePatch({ metadata: { ownerReferences: references } })
    await retryWhenTold(() => this.#api.client.patch(body, patch, this.#writeOptions))
  }

  async #import(planned: PlannedObject, exists: boolean): Promise<OutcomeKind> {
    const { onConflict, dryRun } = this.#options
    const desired = this.#desired(planned)
    if (!exists && dryRun !== 'client' && onConflict !== 'apply') {
      try {
        return await this.#create(planned, desired)
      } catch (error) {
        if (!isAlreadyExists(error)) throw error
      }
    }
    const stored = await readObject(this.#api, planned)
    if (stored !== undefined) return this.#change(planned, desired, stored)
    if (dryRun === 'client') return 'created'
    return onConflict === 'apply' ? this.#apply(planned, desired, undefined) : this.#create(planned, desired)
  }

  async #create(planned: PlannedObject, { body, status }: DesiredObject): Promise<OutcomeKind> {
    const created = await this.#api.client.create(body, this.#writeOptions)
    this.#remember(planned, created)
    if (status !== undefined && !this.#writeOptions.dryRun)
      await this.#restoreStatus(planned, created, status, 'created')
    return 'created'
  }

  async #change(planned: PlannedObject, desired: DesiredObject, stored: Unstructured): Promise<OutcomeKind> {
    this.#remember(planned, stored)
    const { onConflict = 'fail', dryRun = 'none' } = this.#options
    if (onConflict === 'apply') {
      if (dryRun === 'client') return isSameObject(desired, stored) ? 'unchanged' : 'updated'
      return this.#apply(planned, desired, stored)
    }
    const lacksStatus = desired.status !== undefined && stored.status === undefined
    if (onConflict === 'update' || isSystemsOwn(planned, stored)) {
      if (!isSameObject(desired, stored)) {
        return dryRun === 'client' ? 'updated' : this.#update(planned, desired, stored)
      }
      if (desired.status === undefined || equalJson(desired.status, stored.status)) return 'unchanged'
      if (dryRun === 'none') await this.#restoreStatus(planned, stored, desired.status, 'unchanged')
      return 'updated'
    }
    const isSame =
      onConflict === 'fail' || lacksStatus
        ? await this.#isSame(planned, desired, stored)
        : isSameObject(desired, stored)
    if (!isSame) {
      if (onConflict === 'skip') return 'skipped'
      throw new Error(`${describeObject(planned)} already exists, and differs from what is to be imported`)
    }
    // An import that was ended between the two writes of the object is completed.
    if (!lacksStatus) return 'unchanged'
    if (dryRun === 'none') await this.#restoreStatus(planned, stored, desired.status, 'unchanged')
    return 'updated'
  }

  async #update(planned: PlannedObject, desired: DesiredObject, seen: Unstructured): Promise<OutcomeKind> {
    const { client } = this.#api
    let stored = seen
    for (let attempt = 1; ; attempt++) {
      try {
        const updated = await client.update(withVersion(desired.body, stored), this.#writeOptions)
        const isChanged = this.#isChanged(desired, updated, stored)
        const { status } = desired
        if (status === undefined || equalJson(status, updated.status))
          return isChanged ? 'updated' : 'unchanged'
        if (!this.#writeOptions.dryRun) await this.#restoreStatus(planned, updated, status, 'updated')
        return 'updated'
      } catch (error) {
        if (!isConflict(error) || attempt === maxAttempts) throw error
        stored = await client.get<Unstructured>(planned.mapping, keyOf(planned))
      }
    }
  }

  async #apply(
    planned: PlannedObject,
    desired: DesiredObject,
    stored: Unstructured | undefined,
  ): Promise<OutcomeKind> {
    const { body, status } = desired
    const { client } = this.#api
    const options = { ...this.#writeOptions, force: this.#options.forceConflicts === true }
    let applied = await client.apply(body, options)
    this.#remember(planned, applied)
    if (status !== undefined && (stored !== undefined || !this.#writeOptions.dryRun)) {
      const { apiVersion, kind, metadata } = body
      const { name, namespace } = metadata
      const reference = {
        apiVersion,
        kind,
        metadata: { name, ...(namespace !== undefined && { namespace }) },
      }
      applied = await client.status.apply({ ...reference, status } as Unstructured, options)
    }
    if (stored === undefined) return 'created'
    return this.#isChanged(desired, applied, stored) ? 'updated' : 'unchanged'
  }

  /** A dry run leaves the version as it is, whatever it would change. */
  #isChanged(desired: DesiredObject, written: Unstructured, stored: Unstructured): boolean {
    if (!this.#writeOptions.dryRun) {
      return written.metadata.resourceVersion !== stored.metadata.resourceVersion
    }
    return !isSameObject({ ...desired, body: written }, stored) || !equalJson(written.status, stored.status)
  }

  /** What was done to the object before is said if this fails: then it is there without its status. */
  async #restoreStatus(
    planned: PlannedObject,
    object: Unstructured,
    status: unknown,
    before: OutcomeKind,
  ): Promise<void> {
    const { client } = this.#api
    const { dryRun: _, ...options } = this.#writeOptions
    let stored = object
    for (let attempt = 1; ; attempt++) {
      try {
        await client.status.update({ ...stored, status }, options)
        return
      } catch (error) {
        if (isConflict(error) && attempt < maxAttempts) {
          stored = await client.get<Unstructured>(planned.mapping, keyOf(planned))
          continue
        }
        const why = error instanceof Error ? error.message : String(error)
        throw new Error(`the object is ${before}, but its status is not restored: ${why}`, { cause: error })
      }
    }
  }

  /** Also if the two differ by what the server fills in, which it says when it is asked to replace the one by the other. */
  async #isSame(planned: PlannedObject, desired: DesiredObject, stored: Unstructured): Promise<boolean> {
    if (isSystemsOwn(planned, stored) || isSameObject(desired, stored)) return true
    if (!hasSameOwners(desired, stored)) return false
    const { ownerReferences: _, ...metadata } = desired.body.metadata
    const { ownerReferences } = stored.metadata
    const body = { ...desired.body, metadata: { ...metadata, ...(ownerReferences && { ownerReferences }) } }
    try {
      const replaced = await this.#api.client.update(withVersion(body, stored), {
        dryRun: true,
        fieldManager: this.#writeOptions.fieldManager,
      })
      return isSameObject({ ...desired, body: replaced }, stored)
    } catch (error) {
      // What cannot replace the other is not the same; why does not matter, since it is not going to.
      if (isStatusError(error)) return false
      throw error
    }
  }

  #desired(planned: PlannedObject): DesiredObject {
    return desiredObject(planned, this.#uidOf, this.#options.status ?? true)
  }

  readonly #uidOf = ({ imported, uid = '' }: PlannedOwner): string =>
    imported === undefined ? uid : (this.#uids.get(imported) ?? '')

  #remember(planned: PlannedObject, { metadata }: Unstructured): void {
    this.#uids.set(planned, metadata.uid ?? '')
  }
}

function keyOf({ mapping, namespace, name }: PlannedObject): ObjectKey {
  return mapping.namespaced ? { name, namespace } : { name }
}

function withVersion(object: Unstructured, { metadata: { resourceVersion } }: Unstructured): Unstructured {
  const version = resourceVersion !== undefined && { resourceVersion }
  return { ...object, metadata: { ...object.metadata, ...version } }
}

/** What every target has, and nobody has touched: to replace it is no loss. */
function isSystemsOwn(planned: PlannedObject, stored: Unstructured): boolean {
  const isMade = isNamespace(planned) || (planned.kind === 'ServiceAccount' && planned.name === 'default')
  return isMade && planned.group === '' && isUntouched(stored)
}
