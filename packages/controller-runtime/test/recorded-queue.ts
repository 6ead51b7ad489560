import type { AddOptions, Duration, Request, RequestQueue } from '@k1s/controller-runtime'

/** Keeps what is added to it. */
export class RecordedQueue implements RequestQueue {
  readonly added: { readonly request: Request; readonly options: AddOptions }[] = []

  /** `namespace/name`, with the priority behind an `@` if there is one. */
  get requests(): string[] {
    return this.added.map(({ request: { namespace, name }, options: { priority } }) =>
      priority === undefined ? `${namespace}/${name}` : `${namespace}/${name}@${priority}`,
    )
  }

  add(request: Request, options: AddOptions = {}): void {
    this.added.push({ request, options })
  }

  addAfter(request: Request, delay: Duration): void {
    this.add(request, { after: delay })
  }

  addRateLimited(request: Request): void {
    this.add(request, { rateLimited: true })
  }
}
