import type { WrittenKind } from '@k1s/controller-runtime'
import type { ApiRequest, ApiResponse, Transport } from '@k1s/core'

const writingVerbs: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection'])

/** Remembers of which kinds a command has written objects. */
export class WriteRecorder {
  #kinds = new Map<string, WrittenKind>()
  #hasDeleted = false

  /** A transport that does the same, and is listened to. */
  readonly wrap = (transport: Transport): Transport => {
    const request = async (asked: ApiRequest): Promise<ApiResponse> => {
      const response = await transport.request(asked)
      this.#record(asked)
      return response
    }
    return new Proxy(transport, {
      get(target, property) {
        if (property === 'request') return request
        const value: unknown = Reflect.get(target, property, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }

  /**
   * What was written since the last call; undefined if nothing was. Without `kinds`, it may have been anything: what is
   * deleted takes along what depends on it.
   */
  take(): { readonly kinds?: readonly WrittenKind[] } | undefined {
    if (this.#kinds.size === 0) return undefined
    const taken = this.#hasDeleted ? {} : { kinds: [...this.#kinds.values()] }
    this.#kinds = new Map()
    this.#hasDeleted = false
    return taken
  }

  #record({ verb, group, resource: plural, options }: ApiRequest): void {
    if (!writingVerbs.has(verb) || (options.dryRun?.length ?? 0) > 0) return
    this.#kinds.set(`${plural}.${group}`, { group, plural })
    if (verb === 'delete' || verb === 'deletecollection') this.#hasDeleted = true
  }
}
