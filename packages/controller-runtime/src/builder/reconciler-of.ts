import type { ReconcileFunction, Reconciler } from '../reconcile.ts'

/** The reconciler that a builder was given. Throws an Error, or a TypeError, if it is none. */
export function reconcilerOf(given: Reconciler | ReconcileFunction): Reconciler {
  if (given === undefined || given === null) throw new Error('must provide a non-nil Reconciler')
  if (typeof given === 'function') {
    if (typeof given.prototype?.reconcile === 'function') {
      throw new TypeError(`${given.name} is a class: a reconciler is an instance of it`)
    }
    return { reconcile: given }
  }
  if (typeof given.reconcile !== 'function') {
    throw new TypeError('a reconciler is a function or has a method reconcile')
  }
  return given
}
