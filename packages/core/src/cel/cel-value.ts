import type { CelType } from './cel-type.ts'
import type { CostBudget } from './cost-budget.ts'

/**
 * A value of the Common Expression Language. Integers are bigints and doubles numbers; what a schema or an object
 * holds is reached through lists, maps and objects that convert when they are asked.
 */
export type CelValue =
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | null
  | CelUint
  | CelTimestamp
  | CelDuration
  | CelTypeValue
  | CelOptional
  | CelList
  | CelMap
  | CelObject
  | CelOpaque

export interface CelList {
  readonly celKind: 'list'
  readonly size: number
  at(index: number): CelValue
  /**
   * Where equality or concatenation is not that of plain lists: `x-kubernetes-list-type` set and map. The budget is to be
   * told of work that is more than one step per element.
   */
  equals?(other: CelList, budget?: CostBudget): boolean
  concat?(other: CelList): CelList
}

export interface CelMap {
  readonly celKind: 'map'
  readonly size: number
  get(key: CelValue): CelValue | undefined
  /** Listed once: an expression may ask again and again, and is charged one step. */
  keys(): readonly CelValue[]
}

export interface CelObject {
  readonly celKind: 'object'
  readonly type: CelType
  /** Undefined where the field is not set. */
  get(field: string): CelValue | undefined
  equals(other: CelValue, budget?: CostBudget): boolean
  /** As plain JSON; without it an object cannot be part of a result that is to be JSON. */
  toJson?(): unknown
}

/** A value of a library's own type: a URL, an IP address, a Quantity. */
export interface CelOpaque {
  readonly celKind: 'opaque'
  readonly type: CelType
  equals(other: CelValue): boolean
  toJson?(): unknown
}

export class CelUint {
  readonly value: bigint
  constructor(value: bigint) {
    this.value = value
  }
}

/** Nanoseconds since the epoch, and the offset from UTC with which it was written and is printed again. */
export class CelTimestamp {
  readonly nanoseconds: bigint
  readonly offsetSeconds: number
  constructor(nanoseconds: bigint, offsetSeconds = 0) {
    this.nanoseconds = nanoseconds
    this.offsetSeconds = offsetSeconds
  }
}

export class CelDuration {
  readonly nanoseconds: bigint
  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds
  }
}

/** What `type(x)` answers. */
export class CelTypeValue {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** Holds undefined if there is no value. */
export class CelOptional {
  static readonly none = new CelOptional(undefined)
  readonly value: CelValue | undefined
  constructor(value: CelValue | undefined) {
    this.value = value
  }
}
