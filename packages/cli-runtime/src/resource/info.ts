import type { KubernetesObject } from '@k1s/apimachinery'
import type { RestMapping } from '../mapping/rest-mapper.ts'
import { isList, isTable } from '../printers/lists.ts'
import type { Printable } from '../printers/printer.ts'
import type { ResourceRequests } from './requests.ts'

/** One object that a builder found: `resource.Info`. */
export interface Info {
  readonly mapping: RestMapping
  /** Empty for cluster-scoped objects and for lists over all namespaces. */
  namespace: string
  /** Empty for lists. */
  name: string
  /** File or `STDIN`; empty for what came from arguments. */
  readonly source: string
  /** What was read or is to be written. A list (or Table) when a selector found it. Unset without requireObject. */
  object: Printable | undefined
  /** Reads the object again, into `object`. */
  get(): Promise<void>
  /** Takes over an object that a write returned, with its name and namespace. */
  refresh(object: Printable): void
  /** `items/laptop`, as ObjectName of kubectl. */
  objectName(): string
}

export interface InfoFields {
  readonly mapping: RestMapping
  readonly namespace: string
  readonly name: string
  readonly source?: string
  readonly object?: Printable
}

export class ResourceInfo implements Info {
  readonly mapping: RestMapping
  namespace: string
  name: string
  readonly source: string
  object: Printable | undefined
  readonly #requests: (() => Promise<ResourceRequests>) | undefined

  /** Without `requests` the info is local: it cannot be read again. */
  constructor(fields: InfoFields, requests?: () => Promise<ResourceRequests>) {
    this.mapping = fields.mapping
    this.namespace = fields.namespace
    this.name = fields.name
    this.source = fields.source ?? ''
    this.object = fields.object
    this.#requests = requests
  }

  async get(): Promise<void> {
    if (this.#requests === undefined) throw new Error('local operation only')
    const requests = await this.#requests()
    this.object = await requests.get(this.mapping, this.namespace, this.name)
  }

  refresh(object: Printable): void {
    this.object = object
    if (isList(object) || isTable(object)) return
    const { metadata } = object as KubernetesObject
    this.name = metadata.name ?? ''
    this.namespace = metadata.namespace ?? ''
  }

  objectName(): string {
    return `${this.mapping.plural}/${this.name}`
  }
}
