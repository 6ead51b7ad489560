import { type KubernetesObject, quote, type Unstructured } from '@k1s/apimachinery'
import { addFinalizer, containsFinalizer, removeFinalizer } from '../controllerutil/finalizers.ts'
import { messageOf } from '../printable-error.ts'
import { FinalizeError } from './finalize-error.ts'

/** What a finalizer changed in the object that it was given, and the caller has to write: `finalizer.Result`. */
export interface FinalizeResult {
  /** Something besides the status. */
  readonly updated: boolean
  readonly statusUpdated: boolean
}

/** Cleans up for an object that is being deleted: `finalizer.Finalizer`. */
export interface Finalizer<T extends KubernetesObject = Unstructured> {
  /**
   * Called until it does not throw. It may change the object, and says what it changed; nothing means nothing. When it fails
   * and changed something it throws a {@link FinalizeError}.
   */
  finalize(object: T, signal?: AbortSignal): Promise<FinalizeResult | void> | FinalizeResult | void
}

/** The finalizers of a kind by the keys that its objects carry: `finalizer.Finalizers`. */
export interface Finalizers<T extends KubernetesObject = Unstructured> extends Finalizer<T> {
  /** Throws an Error if there is a finalizer for the key. */
  register(key: string, finalizer: Finalizer<T>): void
  /**
   * Adds all the keys that are missing to an object that is not being deleted. For one that is, calls the finalizers whose
   * keys it has, in the order in which they were registered, and removes the keys of those that succeed. The caller writes the
   * object. When some failed the others were called nevertheless, and a {@link FinalizeError} tells what changed.
   */
  finalize(object: T, signal?: AbortSignal): Promise<FinalizeResult>
}

export function newFinalizers<T extends KubernetesObject = Unstructured>(): Finalizers<T> {
  return new FinalizerRegistry<T>()
}

class FinalizerRegistry<T extends KubernetesObject> implements Finalizers<T> {
  readonly #finalizers = new Map<string, Finalizer<T>>()

  register(key: string, finalizer: Finalizer<T>): void {
    if (this.#finalizers.has(key)) throw new Error(`finalizer for key ${quote(key)} already registered`)
    this.#finalizers.set(key, finalizer)
  }

  async finalize(object: T, signal?: AbortSignal): Promise<FinalizeResult> {
    const isBeingDeleted = Boolean(object.metadata.deletionTimestamp)
    return isBeingDeleted ? await this.#callFinalizers(object, signal) : this.#addKeys(object)
  }

  #addKeys(object: T): FinalizeResult {
    const added = [...this.#finalizers.keys()].filter((key) => addFinalizer(object, key))
    return { updated: added.length > 0, statusUpdated: false }
  }

  async #callFinalizers(object: T, signal: AbortSignal | undefined): Promise<FinalizeResult> {
    let updated = false
    let statusUpdated = false
    const errors: Error[] = []
    for (const [key, finalizer] of this.#finalizers) {
      if (!containsFinalizer(object, key)) continue
      try {
        const result = await finalizer.finalize(object, signal)
        removeFinalizer(object, key)
        updated = true
        statusUpdated ||= result?.statusUpdated ?? false
      } catch (error) {
        if (error instanceof FinalizeError) {
          updated ||= error.result.updated
          statusUpdated ||= error.result.statusUpdated
        }
        errors.push(new Error(`finalizer ${quote(key)} failed: ${messageOf(error)}`, { cause: error }))
      }
    }
    if (errors.length > 0) throw new FinalizeError(errors, { updated, statusUpdated })
    return { updated, statusUpdated }
  }
}
