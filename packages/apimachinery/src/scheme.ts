/** A registry of kinds, as `k8s.io/apimachinery/pkg/runtime.Scheme` without conversion. */
import {
  formatGroupVersion,
  formatGroupVersionKind,
  type GroupVersion,
  type GroupVersionKind,
  groupVersionKindOf,
} from './group-version.ts'
import type { KubernetesObject, Unstructured } from './meta.ts'
import { quote } from './quote.ts'

/** Sets what an object leaves unset, in place. */
export type DefaultingFunction<T extends KubernetesObject = Unstructured> = (object: T) => void

interface Registration<D extends GroupVersionKind> {
  readonly descriptor: D
  setDefaults?: DefaultingFunction<KubernetesObject>
}

/**
 * Maps groups, versions and kinds to descriptors and back. A descriptor is any object that names its kind; what else
 * it carries (resource name, TypeScript type …) is up to the application. Objects stay plain JSON.
 */
export class Scheme<D extends GroupVersionKind = GroupVersionKind> {
  /** Appears in messages. */
  readonly name: string
  readonly #registrations = new Map<string, Registration<D>>()
  readonly #versions = new Map<string, string[]>()

  constructor(name = 'k1s') {
    this.name = name
  }

  /**
   * Registers kinds. The same descriptor may come again; another one for the same kind, or one without a version or
   * kind, throws an Error.
   */
  register(...descriptors: readonly D[]): this {
    for (const descriptor of descriptors) {
      const { group, version, kind } = descriptor
      if (version === '' || kind === '') {
        throw new Error(`version and kind are required on all types: ${formatGroupVersionKind(descriptor)}`)
      }
      const known = this.#registrations.get(formatGroupVersionKind(descriptor))
      if (known !== undefined && known.descriptor !== descriptor) {
        throw new Error(
          `Double registration of different types for ${formatGroupVersionKind(descriptor)} in scheme ${quote(this.name)}`,
        )
      }
      if (known !== undefined) continue
      this.#registrations.set(formatGroupVersionKind(descriptor), { descriptor })
      const versions = this.#versions.get(group) ?? []
      if (!versions.includes(version)) this.#versions.set(group, [...versions, version])
    }
    return this
  }

  recognizes(kind: GroupVersionKind): boolean {
    return this.#registrations.has(formatGroupVersionKind(kind))
  }

  /** The descriptor of a kind. Throws a {@link NotRegisteredError}. */
  descriptorFor(kind: GroupVersionKind): D {
    return this.#registrationFor(kind).descriptor
  }

  /** The descriptor of an object's kind. Throws a {@link NotRegisteredError}. */
  descriptorOf(object: { apiVersion: string; kind: string }): D {
    return this.descriptorFor(groupVersionKindOf(object))
  }

  /** All descriptors in the order of their registration. */
  allKnownTypes(): D[] {
    return [...this.#registrations.values()].map(({ descriptor }) => descriptor)
  }

  /** The versions of a group: those of {@link setVersionPriority} first, then the others as they were registered. */
  versionsForGroup(group: string): GroupVersion[] {
    return (this.#versions.get(group) ?? []).map((version) => ({ group, version }))
  }

  /** Versions of one group, the preferred one first. */
  setVersionPriority(...versions: readonly [GroupVersion, ...GroupVersion[]]): void {
    const [{ group }] = versions
    if (versions.some((version) => version.group !== group)) {
      const groups = [...new Set(versions.map((version) => version.group))].sort()
      throw new Error(`must register versions for exactly one group: ${groups.join(', ')}`)
    }
    const preferred = versions.map(({ version }) => version)
    const others = (this.#versions.get(group) ?? []).filter((version) => !preferred.includes(version))
    this.#versions.set(group, [...preferred, ...others])
  }

  /** Sets the defaulting function of a registered kind; the last one counts. Throws a {@link NotRegisteredError}. */
  addTypeDefaultingFunc<T extends KubernetesObject = Unstructured>(
    kind: GroupVersionKind,
    setDefaults: DefaultingFunction<T>,
  ): void {
    this.#registrationFor(kind).setDefaults = setDefaults as DefaultingFunction<KubernetesObject>
  }

  /** Sets the defaults of an object in place. Kinds without a defaulting function, known or not, stay as they are. */
  default(object: KubernetesObject): void {
    this.#registrations.get(formatGroupVersionKind(groupVersionKindOf(object)))?.setDefaults?.(object)
  }

  #registrationFor(kind: GroupVersionKind): Registration<D> {
    const registration = this.#registrations.get(formatGroupVersionKind(kind))
    if (registration === undefined) throw new NotRegisteredError(this.name, kind)
    return registration
  }
}

/** As `runtime.NewNotRegisteredErrForKind`: `no kind "X" is registered for version "g/v1" in scheme "k1s"`. */
export class NotRegisteredError extends Error {
  readonly groupVersionKind: GroupVersionKind

  constructor(schemeName: string, groupVersionKind: GroupVersionKind) {
    const version = quote(formatGroupVersion(groupVersionKind))
    super(
      groupVersionKind.kind === ''
        ? `no version ${version} has been registered in scheme ${quote(schemeName)}`
        : `no kind ${quote(groupVersionKind.kind)} is registered for version ${version} in scheme ${quote(schemeName)}`,
    )
    this.name = 'NotRegisteredError'
    this.groupVersionKind = groupVersionKind
  }
}
