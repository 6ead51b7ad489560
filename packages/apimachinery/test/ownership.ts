import { copyJson, type JsonObject } from '../src/json-value.ts'
import { applyManagers } from '../src/structured-merge/apply-managers.ts'
import { eachPath, type FieldSet, formatPath } from '../src/structured-merge/field-set.ts'
import type { Managers, MergeContext } from '../src/structured-merge/managers.ts'
import type { MergeType } from '../src/structured-merge/merge-type.ts'
import { updateManagers } from '../src/structured-merge/update-managers.ts'

/** A value with its managers, and what is done to it, step by step. */
export class Ownership {
  object: JsonObject = {}
  managers: Managers = new Map()
  readonly #context: MergeContext

  /** One type for a version `v1`, or what is known of several versions. */
  constructor(type: MergeType | MergeContext) {
    this.#context =
      'kind' in type
        ? {
            apiVersion: 'v1',
            typeOf: (version) => (version === 'v1' ? type : undefined),
            convert: (value) => value,
          }
        : type
  }

  apply(manager: string, configuration: JsonObject, { force = false, apiVersion = 'v1' } = {}): this {
    const context = { ...this.#context, apiVersion }
    const live = this.#context.convert(this.object, apiVersion)
    const before = copyJson(live)
    const result = applyManagers(live, configuration, this.managers, manager, force, context)
    if (JSON.stringify(live) !== JSON.stringify(before)) throw new Error('the apply changed its argument')
    this.object = this.#context.convert(result.object ?? live, 'v1')
    this.managers = result.managers
    return this
  }

  force(manager: string, configuration: JsonObject, apiVersion = 'v1'): this {
    return this.apply(manager, configuration, { force: true, apiVersion })
  }

  update(manager: string, object: JsonObject, apiVersion = 'v1'): this {
    const context = { ...this.#context, apiVersion }
    const live = this.#context.convert(this.object, apiVersion)
    this.managers = updateManagers(live, object, this.managers, manager, context).managers
    this.object = this.#context.convert(object, 'v1')
    return this
  }

  /** The paths that each manager owns, in order. */
  get owners(): { [manager: string]: string[] } {
    const entries = [...this.managers].map(([manager, { fields }]) => [manager, pathsOf(fields)] as const)
    return Object.fromEntries(entries)
  }
}

export function pathsOf(set: FieldSet): string[] {
  const paths: string[] = []
  eachPath(set, (path) => paths.push(formatPath(path)))
  return paths
}
