import { rankOfKind } from './import-order.ts'
import { describeObject } from './object-name.ts'
import { needsOf, type PlannedObject, type PlannedOwner } from './planned-object.ts'

/** More than the longest chain of owners can be. */
const rankDistance = 2 ** 40

/**
 * The objects in the order in which they have to be created: whatever an object needs is in an earlier wave, and the
 * objects of a wave can be created at once. Where objects own each other in a circle, one reference of it is marked as
 * deferred, and `onCircle` told of it.
 */
export function wavesOf(
  objects: readonly PlannedObject[],
  onCircle: (dependent: PlannedObject, owner: PlannedOwner) => void,
): PlannedObject[][] {
  const waveOf = new Map<PlannedObject, number>()
  const missing = new Map<PlannedObject, Set<PlannedObject>>()
  const dependents = new Map<PlannedObject, PlannedObject[]>()
  for (const object of objects) {
    waveOf.set(object, rankOfKind(object) * rankDistance)
    const needs = needsOf(object)
    missing.set(object, needs)
    for (const need of needs) {
      const others = dependents.get(need)
      if (others === undefined) dependents.set(need, [object])
      else others.push(object)
    }
  }
  const ready = objects.filter((object) => missing.get(object)!.size === 0)
  for (const object of ready) missing.delete(object)
  while (missing.size > 0 || ready.length > 0) {
    for (let object = ready.pop(); object !== undefined; object = ready.pop()) {
      for (const dependent of dependents.get(object) ?? []) {
        const needs = missing.get(dependent)
        if (needs === undefined || !needs.delete(object)) continue
        waveOf.set(dependent, Math.max(waveOf.get(dependent)!, waveOf.get(object)! + 1))
        if (needs.size > 0) continue
        missing.delete(dependent)
        ready.push(dependent)
      }
    }
    if (missing.size === 0) break
    const { dependent, owner } = edgeOfCircle(missing)
    owner.deferred = true
    onCircle(dependent, owner)
    const needs = missing.get(dependent)!
    // It may be needed for another reason.
    if (!needsOf(dependent).has(owner.imported!)) needs.delete(owner.imported!)
    if (needs.size === 0) {
      missing.delete(dependent)
      ready.push(dependent)
    }
  }
  return grouped(objects, waveOf)
}

/** A reference in a circle: from any object that waits, what it waits for leads into one. */
function edgeOfCircle(missing: ReadonlyMap<PlannedObject, ReadonlySet<PlannedObject>>) {
  const path: PlannedObject[] = []
  const seen = new Map<PlannedObject, number>()
  let [object] = missing.keys()
  while (object !== undefined && !seen.has(object)) {
    seen.set(object, path.length)
    path.push(object)
    const needs: ReadonlySet<PlannedObject> = missing.get(object)!
    ;[object] = [...needs].filter((need) => missing.has(need))
  }
  const circle = path.slice(seen.get(object!))
  for (const [index, dependent] of circle.entries()) {
    const next = circle[(index + 1) % circle.length]
    const owner = dependent.owners.find(({ imported, deferred }) => imported === next && !deferred)
    if (owner !== undefined) return { dependent, owner }
  }
  throw new TypeError(`${circle.map(describeObject).join(', ')} need each other and do not own each other`)
}

function grouped(
  objects: readonly PlannedObject[],
  waveOf: ReadonlyMap<PlannedObject, number>,
): PlannedObject[][] {
  const waves = new Map<number, PlannedObject[]>()
  for (const object of objects) {
    const number = waveOf.get(object)!
    const wave = waves.get(number)
    if (wave === undefined) waves.set(number, [object])
    else wave.push(object)
  }
  return [...waves.entries()].sort(([a], [b]) => a - b).map(([, wave]) => wave)
}
