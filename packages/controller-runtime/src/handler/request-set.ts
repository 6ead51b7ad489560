import { type Request, requestKey } from '../reconcile.ts'

/** The requests that one event asked for. */
export class RequestSet {
  readonly #keys = new Set<string>()

  /** False if it is there already. */
  add(request: Request): boolean {
    const key = requestKey(request)
    if (this.#keys.has(key)) return false
    this.#keys.add(key)
    return true
  }
}
