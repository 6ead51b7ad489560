import type { RequestResult } from '../request.ts'

/** Counts what requests to one server came to: `updateRequestResultMetric` of `k8s.io/client-go/rest`. */
export class RequestResults {
  readonly #host: string
  readonly #counts = new Map<string, { code: string; method: string; host: string; count: number }>()

  constructor(host: string) {
    this.#host = host
  }

  /** `code` is that of the answer; undefined if there was none. */
  add(method: string, code: number | undefined): void {
    const text = code === undefined ? '<error>' : String(code)
    const key = `${method} ${text}`
    const known = this.#counts.get(key)
    if (known === undefined) this.#counts.set(key, { code: text, method, host: this.#host, count: 1 })
    else known.count++
  }

  all(): readonly RequestResult[] {
    return Array.from(this.#counts.values(), (result) => ({ ...result }))
  }
}
