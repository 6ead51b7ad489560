import {
  type CelType,
  dynType,
  equalCelTypes,
  listType,
  mapType,
  optionalType,
  paramType,
  typeOf,
} from './cel-type.ts'

/** What type parameters stand for so far: `checker/types.go` of cel-go. */
export class TypeUnification {
  readonly #bindings = new Map<string, CelType>()
  /** The bindings made since, to be undone if an assignment fails. */
  readonly #undo: { name: string; previous: CelType | undefined }[] = []
  #parameters = 0

  newParameter(): CelType {
    return paramType(`_var${this.#parameters++}`)
  }

  /** Whether a value of one type can be where the other is expected; what that needs of parameters is kept. */
  isAssignable(from: CelType, to: CelType): boolean {
    return this.#attempt(() => this.#assignable(from, to))
  }

  areAssignable(from: readonly CelType[], to: readonly CelType[]): boolean {
    return from.length === to.length && this.#attempt(() => this.#allAssignable(from, to))
  }

  /** The type with parameters replaced by what they stand for; those that stand for nothing become `dyn` at last. */
  substitute(type: CelType, unboundToDyn = false): CelType {
    switch (type.kind) {
      case 'param': {
        const bound = this.#bindings.get(type.name)
        if (bound) return this.substitute(bound, unboundToDyn)
        return unboundToDyn ? dynType : type
      }
      case 'list':
        return listType(this.substitute(type.element, unboundToDyn))
      case 'map':
        return mapType(this.substitute(type.key, unboundToDyn), this.substitute(type.value, unboundToDyn))
      case 'optional':
        return optionalType(this.substitute(type.value, unboundToDyn))
      case 'type':
        return type.of ? typeOf(this.substitute(type.of, unboundToDyn)) : type
      default:
        return type
    }
  }

  /** A signature in which each type parameter is a new one. */
  instantiate(params: readonly CelType[], result: CelType): { params: readonly CelType[]; result: CelType } {
    const fresh = new Map<string, CelType>()
    const rename = (type: CelType): CelType => {
      switch (type.kind) {
        case 'param': {
          const known = fresh.get(type.name) ?? this.newParameter()
          fresh.set(type.name, known)
          return known
        }
        case 'list':
          return listType(rename(type.element))
        case 'map':
          return mapType(rename(type.key), rename(type.value))
        case 'optional':
          return optionalType(rename(type.value))
        case 'type':
          return type.of ? typeOf(rename(type.of)) : type
        default:
          return type
      }
    }
    return { params: params.map(rename), result: rename(result) }
  }

  #attempt(assign: () => boolean): boolean {
    const mark = this.#undo.length
    if (assign()) return true
    while (this.#undo.length > mark) {
      const { name, previous } = this.#undo.pop()!
      if (previous) this.#bindings.set(name, previous)
      else this.#bindings.delete(name)
    }
    return false
  }

  #bind(name: string, type: CelType): void {
    this.#undo.push({ name, previous: this.#bindings.get(name) })
    this.#bindings.set(name, type)
  }

  #assignable(from: CelType, to: CelType): boolean {
    if (to.kind === 'param') {
      const { valid, bound } = this.#substitutes(from, to)
      if (valid) return true
      if (bound) return false
    }
    if (from.kind === 'param') return this.#substitutes(to, from).valid
    if (isDynOrError(from) || isDynOrError(to)) return true
    if (from.kind === 'null') return to.kind === 'null' || isNullable(to)
    if (to.kind === 'null') return isNullable(from)
    if (from.kind === 'type') return to.kind === 'type'
    const [fromParts, toParts] = [typeParts(from), typeParts(to)]
    if (fromParts.length === 0) return equalCelTypes(from, to)
    return from.kind === to.kind && this.#allAssignable(fromParts, toParts)
  }

  #allAssignable(from: readonly CelType[], to: readonly CelType[]): boolean {
    return from.every((type, index) => this.#assignable(type, to[index]!))
  }

  /** Whether a parameter can stand for a type. */
  #substitutes(type: CelType, parameter: CelType & { kind: 'param' }): { valid: boolean; bound: boolean } {
    if (equalCelTypes(type, parameter)) return { valid: true, bound: true }
    const bound = this.#bindings.get(parameter.name)
    if (bound) {
      if (equalCelTypes(type, bound)) return { valid: true, bound: true }
      if (!this.#assignable(type, bound)) return { valid: false, bound: true }
      const general = mostGeneral(type, bound)
      if (this.#isFreeOf(parameter, general)) this.#bind(parameter.name, general)
      return { valid: true, bound: true }
    }
    if (!this.#isFreeOf(parameter, type)) return { valid: false, bound: false }
    this.#bind(parameter.name, type)
    return { valid: true, bound: false }
  }

  /** Whether a parameter does not occur within a type. */
  #isFreeOf(parameter: CelType, type: CelType): boolean {
    if (equalCelTypes(parameter, type)) return false
    if (type.kind === 'param') {
      const bound = this.#bindings.get(type.name)
      return bound === undefined || this.#isFreeOf(parameter, bound)
    }
    return typeParts(type).every((part) => this.#isFreeOf(parameter, part))
  }
}

function typeParts(type: CelType): readonly CelType[] {
  switch (type.kind) {
    case 'list':
      return [type.element]
    case 'map':
      return [type.key, type.value]
    case 'optional':
      return [type.value]
    case 'type':
      return type.of ? [type.of] : []
    default:
      return []
  }
}

const weights = new WeakMap<CelType, number>()

/** How many types a type is made of, each counted as often as it occurs. */
export function typeWeight(type: CelType): number {
  const known = weights.get(type)
  if (known !== undefined) return known
  const weight = typeParts(type).reduce((sum, part) => sum + typeWeight(part), 1)
  weights.set(type, weight)
  return weight
}

export const isDynOrError = (type: CelType): boolean => type.kind === 'dyn' || type.kind === 'error'

/** Types of which null is a value to the checker. */
function isNullable(type: CelType): boolean {
  switch (type.kind) {
    case 'object':
    case 'opaque':
    case 'optional':
    case 'timestamp':
    case 'duration':
      return true
    default:
      return false
  }
}

/** Of two types that can be assigned to each other, the one that says less. */
export const mostGeneral = (a: CelType, b: CelType): CelType => (isEqualOrLessSpecific(a, b) ? a : b)

function isEqualOrLessSpecific(a: CelType, b: CelType): boolean {
  if (a.kind === 'dyn' || a.kind === 'param') return true
  if (b.kind === 'dyn' || b.kind === 'param') return false
  if (a.kind !== b.kind) return false
  if (a.kind === 'type') return true
  const [aParts, bParts] = [typeParts(a), typeParts(b)]
  if (aParts.length === 0) return equalCelTypes(a, b)
  return aParts.every((part, index) => isEqualOrLessSpecific(part, bParts[index]!))
}
