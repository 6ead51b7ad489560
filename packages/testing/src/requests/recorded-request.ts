import { formatGroupResource, isStatusError, type StatusReason } from '@k1s/apimachinery'
import type { ApiRequest, PatchType, RequestOptions } from '@k1s/core'
import { type MatchedRequest, matchedRequest, type RequestVerb } from './request-match.ts'

/** What was asked, and what came of it. */
export class RecordedRequest implements MatchedRequest {
  readonly verb: RequestVerb
  /** The name of the user who asked. */
  readonly user: string
  readonly tenant: string
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
  /** Of what was to be created, the name in its body. */
  readonly name?: string
  readonly options: RequestOptions
  /** The object or patch that was sent, as it was then. */
  readonly body?: unknown
  readonly patchType?: PatchType
  /** When it was asked, milliseconds since the epoch, by the clock of the environment. */
  readonly time: number
  /** The HTTP status of the answer. Undefined as long as there is none. Watches have one once they are open. */
  code?: number
  /** Why it failed, `Conflict` for one. Empty for errors that are none of the API. */
  reason?: StatusReason
  /** What was thrown. */
  error?: unknown
  /** Milliseconds until it was answered, by the clock of the environment. Of a watch until it ended. */
  duration?: number

  constructor(request: ApiRequest, verb: RequestVerb, time: number) {
    const { tenant, version, options, body, patchType } = request
    const { user, group, resource, subresource, namespace, name } = matchedRequest(request, verb)
    this.verb = verb
    this.user = user
    this.tenant = tenant
    this.group = group
    this.version = version
    this.resource = resource
    if (subresource !== undefined) this.subresource = subresource
    if (namespace !== undefined) this.namespace = namespace
    if (name !== undefined) this.name = name
    this.options = options
    if (body !== undefined) this.body = copyOf(body)
    if (patchType !== undefined) this.patchType = patchType
    this.time = time
  }

  /** Called by whoever records. */
  answered(code: number, time: number): void {
    this.code = code
    this.duration = time - this.time
  }

  /** Called by whoever records. */
  failed(error: unknown, time: number): void {
    this.error = error
    this.reason = isStatusError(error) ? error.reason : ''
    this.answered(isStatusError(error) ? error.code : 500, time)
  }

  /** `update items.inventory.k1s.dev/status default/laptop → 409 Conflict`. */
  toString(): string {
    const subresource = this.subresource === undefined ? '' : `/${this.subresource}`
    const words = [this.verb, formatGroupResource(this) + subresource, this.#place()]
    if (this.options.dryRun?.length) words.push('(dry run)')
    return `${words.filter((word) => word !== '').join(' ')} → ${this.#outcome()}`
  }

  /** An asterisk stands for objects of any name, and for the one that the server is to make. */
  #place(): string {
    const { generateName } =
      (this.body as { metadata?: { generateName?: string } } | undefined)?.metadata ?? {}
    const name = this.name ?? (this.verb === 'create' ? `${generateName ?? ''}*` : undefined)
    if (this.namespace === undefined) return name ?? ''
    return `${this.namespace}/${name ?? '*'}`
  }

  #outcome(): string {
    if (this.code === undefined) return 'no answer yet'
    if (this.error === undefined) return String(this.code)
    if (this.reason) return `${this.code} ${this.reason}`
    return this.error instanceof Error ? this.error.message : String(this.error)
  }
}

/** Callers may go on to change what they sent. What cannot be copied is no JSON, which is for the API to say. */
function copyOf(body: unknown): unknown {
  try {
    return structuredClone(body)
  } catch {
    return body
  }
}
