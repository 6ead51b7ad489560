import { shareJson } from '../shared-json.ts'
import { type FieldSet, leaf, type MutableFieldSet } from '../structured-merge/field-set.ts'
import type { MergeType } from '../structured-merge/merge-type.ts'
import { compareElements, fieldElement, self } from '../structured-merge/path-element.ts'

/**
 * What a container is to its set: a new one is itself among the fields; one that was there before, even as null, is not.
 * Nor are the object and its metadata, of which some fields cannot be owned.
 */
export type Container = 'root' | 'metadata' | 'new' | 'known'

/** One more field or item of a container, after those of its parent. */
export interface Step {
  readonly container: Container
  readonly parent: Step | undefined
  /** The name of the field, or the element of the item. */
  readonly name: string
  /** What it adds below its element. Undefined for nothing. */
  readonly node: FieldSet | undefined
  /** Undefined for a field that cannot be owned. */
  readonly plan: OwnershipPlan | undefined
  /** The step that was taken from here the last time. */
  recent: Step | undefined
  readonly others: Step[]
  /** The set of the container if this is its last step; not there before somebody asked. */
  set: KnownSet | undefined
}

interface KnownSet {
  readonly node: FieldSet | undefined
  isShared: boolean
}

const maxSteps = 1024
/** So many are searched one by one. */
const maxBranches = 16

/**
 * The sets that the values of one type gave, as a tree of the steps that lead to them: values of the same shape take the
 * same steps to the same set, and share it. Forgets all of it when it has too many steps.
 */
export class OwnershipPlan {
  static readonly #plans = new WeakMap<MergeType, OwnershipPlan>()

  static of(type: MergeType): OwnershipPlan {
    let plan = OwnershipPlan.#plans.get(type)
    if (plan === undefined) {
      plan = new OwnershipPlan(type)
      OwnershipPlan.#plans.set(type, plan)
    }
    return plan
  }

  readonly type: MergeType
  #starts: { [container in Container]?: Step } = {}
  #steps = 0

  private constructor(type: MergeType) {
    this.type = type
  }

  start(container: Container): Step {
    this.#starts[container] ??= newStep(container, undefined, '', undefined, undefined)
    return this.#starts[container]
  }

  next(step: Step, name: string, node: FieldSet | undefined, plan: OwnershipPlan | undefined): Step {
    const { recent } = step
    if (recent?.name === name && recent.node === node) return recent
    step.recent = step.others.find((other) => other.name === name && other.node === node)
    if (step.recent === undefined) {
      step.recent = newStep(step.container, step, name, node, plan)
      if (step.others.length >= maxBranches) step.others.length = 0
      step.others.push(step.recent)
      this.#steps++
    }
    return step.recent
  }

  /** The node of the container after its last step, undefined if nothing of it is owned. */
  set(last: Step): FieldSet | undefined {
    const known = last.set
    if (known !== undefined) return last.container === 'root' ? shared(known) : known.node
    const node = assemble(last, this.type.kind === 'list')
    last.set = { node, isShared: false }
    if (this.#steps > maxSteps) {
      this.#starts = {}
      this.#steps = 0
    }
    return node
  }
}

/** The JSON of a set that comes again is worth keeping. */
function shared(known: KnownSet): FieldSet | undefined {
  if (!known.isShared && known.node !== undefined) shareJson(known.node)
  known.isShared = true
  return known.node
}

function newStep(
  container: Container,
  parent: Step | undefined,
  name: string,
  node: FieldSet | undefined,
  plan: OwnershipPlan | undefined,
): Step {
  return { container, parent, name, node, plan, recent: undefined, others: [], set: undefined }
}

/** Frozen, since many objects share it. */
function assemble(last: Step, isList: boolean): FieldSet | undefined {
  const isNew = last.container === 'new'
  const elements: [string, FieldSet][] = []
  for (let step: Step | undefined = last; step?.parent !== undefined; step = step.parent) {
    if (step.node !== undefined) elements.push([isList ? step.name : fieldElement(step.name), step.node])
  }
  if (elements.length === 0) return isNew ? leaf : undefined
  elements.sort(([a], [b]) => compareElements(a, b))
  const set: MutableFieldSet = isNew ? { [self]: leaf } : {}
  for (const [element, node] of elements) {
    // Of duplicate items only the element itself is tracked.
    set[element] = set[element] === undefined ? node : leaf
  }
  return Object.freeze(set)
}
