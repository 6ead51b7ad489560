import type { KubernetesObject } from '@k1s/apimachinery'

/** How far the handlers of watches are, by resource: up to there every event was handed over. */
export class SeenVersions {
  readonly #watches: SeenByWatch[] = []

  add(resource: string): SeenByWatch {
    const watch = new SeenByWatch(resource)
    this.#watches.push(watch)
    return watch
  }

  /** Of several watches of a resource the one that is furthest behind counts. */
  versions(): { [resource: string]: string } {
    const versions = new Map<string, bigint | undefined>()
    for (const { resource, version } of this.#watches) {
      const known = versions.get(resource)
      if (!versions.has(resource) || version === undefined) versions.set(resource, version)
      else if (known !== undefined && version < known) versions.set(resource, version)
    }
    return Object.fromEntries(
      [...versions].flatMap(([resource, version]) =>
        version === undefined ? [] : [[resource, String(version)]],
      ),
    )
  }
}

/** What one watch has handed over. The objects of its first list are in any order: until it is whole nothing is certain. */
export class SeenByWatch {
  readonly resource: string
  #newest = 0n
  #isWhole = false

  constructor(resource: string) {
    this.resource = resource
  }

  get version(): bigint | undefined {
    return this.#isWhole ? this.#newest : undefined
  }

  saw({ metadata }: KubernetesObject): void {
    const version = BigInt(metadata.resourceVersion ?? '0')
    if (version > this.#newest) this.#newest = version
  }

  /** All objects of the first list, which is of this version, have been handed over. */
  isSynced(listVersion: string): void {
    const version = BigInt(listVersion || '0')
    if (version > this.#newest) this.#newest = version
    this.#isWhole = true
  }
}
