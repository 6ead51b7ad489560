import { type Clock, formatGroupResource, newServiceUnavailable } from '@k1s/apimachinery'
import type { ApiRequest } from '../request.ts'

/** Something that was begun and has not ended. */
export interface Work {
  readonly kind: 'request' | 'reconcile' | 'controller'
  /** What it is, such as `update items.inventory.k1s.dev default/laptop`. */
  readonly description: string
}

/** How much is under way. Writes are those of the store, which requests wait for. */
export interface WorkCounts {
  readonly requests: number
  readonly reconciles: number
  readonly writes: number
}

/** A piece of work, as whoever does it describes it. */
export interface Workpiece {
  describe(): string
}

/**
 * Counts what is under way in a runtime, so that it can end without leaving anything half done. Watches are not work: they
 * end with the store.
 */
export class WorkTracker {
  readonly #pendingWrites: () => number
  readonly #requests = new Set<ApiRequest>()
  readonly #reconciles = new Set<Workpiece>()
  readonly #controllers = new Set<Workpiece>()
  readonly #stopping = new AbortController()
  readonly #hurrying = new AbortController()
  #refusesRequests = false
  #whenLess: (() => void)[] = []

  constructor(pendingWrites: () => number) {
    this.#pendingWrites = pendingWrites
  }

  /** Aborts when the runtime begins to end: nothing new is to be begun that is not needed for what is under way. */
  get signal(): AbortSignal {
    return this.#stopping.signal
  }

  /** Aborts when what is under way is no longer waited for, and is to end at once. */
  get hurry(): AbortSignal {
    return this.#hurrying.signal
  }

  get counts(): WorkCounts {
    return {
      requests: this.#requests.size,
      reconciles: this.#reconciles.size,
      writes: this.#pendingWrites(),
    }
  }

  /** What is under way. Controllers that only have to keep how far they are are named when no reconcile is left. */
  list(): Work[] {
    const pieces = this.#reconciles.size > 0 ? this.#reconciles : this.#controllers
    const kind = this.#reconciles.size > 0 ? 'reconcile' : 'controller'
    return [
      ...[...pieces].map((piece): Work => ({ kind, description: piece.describe() })),
      ...[...this.#requests].map((request): Work => ({ kind: 'request', description: describe(request) })),
    ]
  }

  /** ServiceUnavailable once the runtime takes no requests any more. */
  beginRequest(request: ApiRequest): void {
    this.checkOpen()
    this.#requests.add(request)
  }

  endRequest(request: ApiRequest): void {
    this.#requests.delete(request)
    if (this.#whenLess.length > 0) this.#tell()
  }

  /** For what is no work itself, as the opening of a watch. */
  checkOpen(): void {
    if (this.#refusesRequests) throw newServiceUnavailable('the runtime is shutting down')
  }

  beginReconcile(piece: Workpiece): void {
    this.#reconciles.add(piece)
  }

  endReconcile(piece: Workpiece): void {
    this.#reconciles.delete(piece)
    if (this.#whenLess.length > 0) this.#tell()
  }

  /** A controller runs: from when it is the holder of its Lease until it has kept how far it is. */
  beginController(piece: Workpiece): void {
    this.#controllers.add(piece)
  }

  endController(piece: Workpiece): void {
    this.#controllers.delete(piece)
    if (this.#whenLess.length > 0) this.#tell()
  }

  /**
   * Stops the intake and waits for what is under way: first for controllers, which may still make requests, then for
   * requests. Resolves to what is left after `timeoutMs`.
   */
  async finish(clock: Clock, timeoutMs: number): Promise<readonly Work[]> {
    this.#stopping.abort(newShutdown())
    const late = new AbortController()
    const timer = clock.setTimer(() => late.abort(), timeoutMs)
    await this.#until(() => this.#reconciles.size + this.#controllers.size === 0, late.signal)
    if (late.signal.aborted) this.#hurrying.abort(newShutdown())
    this.#refusesRequests = true
    await this.#until(() => this.#requests.size === 0, late.signal)
    timer.cancel()
    return this.list()
  }

  /** Tells everything to end at once. */
  cancel(): void {
    this.#stopping.abort(newShutdown())
    this.#hurrying.abort(newShutdown())
  }

  async #until(holds: () => boolean, late: AbortSignal): Promise<void> {
    const isLate = new Promise<void>((resolve) => {
      late.addEventListener('abort', () => resolve(), { once: true })
    })
    while (!holds() && !late.aborted) {
      await Promise.race([isLate, new Promise<void>((resolve) => this.#whenLess.push(resolve))])
    }
  }

  #tell(): void {
    for (const resolve of this.#whenLess.splice(0)) resolve()
  }
}

function newShutdown(): Error {
  return new Error('the runtime is shutting down')
}

/** `update items.inventory.k1s.dev/status default/laptop`. */
function describe(request: ApiRequest): string {
  const { verb, subresource, namespace, name } = request
  const target = `${formatGroupResource(request)}${subresource === undefined ? '' : `/${subresource}`}`
  const object = [namespace, name].filter((part) => part !== undefined).join('/')
  return object === '' ? `${verb} ${target}` : `${verb} ${target} ${object}`
}
