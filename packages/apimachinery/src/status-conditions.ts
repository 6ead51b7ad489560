import { type Clock, systemClock } from './clock.ts'
import type { Condition } from './meta.ts'
import { formatTime } from './time.ts'

// Source: k8s.io/apimachinery/pkg/api/meta/conditions.go.

/** A condition as a controller states it, which need not know since when it holds. */
export interface StatedCondition extends Pick<Condition, 'type' | 'status' | 'reason' | 'message'> {
  /** The `metadata.generation` that was looked at. */
  readonly observedGeneration?: number | undefined
  /** Default: now, if the status is another than before. */
  readonly lastTransitionTime?: string | undefined
}

/**
 * Puts a condition among those of a status, in the place of the one of its type. `lastTransitionTime` stays as it is while the
 * status does. Returns whether anything changed, which is whether there is something to write: `meta.SetStatusCondition`.
 *
 * ```ts
 * const conditions = (website.status.conditions ??= [])
 * setStatusCondition(conditions, { type: 'Ready', status: 'True', reason: 'Published', message: '' }, manager.clock)
 * ```
 */
export function setStatusCondition(
  conditions: Condition[],
  stated: StatedCondition,
  clock: Clock = systemClock,
): boolean {
  const { type, status, reason, message, observedGeneration = 0, lastTransitionTime } = stated
  const index = conditions.findIndex((condition) => condition.type === type)
  const existing = conditions[index]
  const isUnchanged =
    existing !== undefined &&
    existing.status === status &&
    existing.reason === reason &&
    existing.message === message &&
    (existing.observedGeneration ?? 0) === observedGeneration
  if (isUnchanged) return false
  const since =
    existing?.status === status
      ? existing.lastTransitionTime
      : (lastTransitionTime ?? formatTime(clock.now()))
  const condition: Condition = {
    type,
    status,
    ...(observedGeneration !== 0 && { observedGeneration }),
    lastTransitionTime: since,
    reason,
    message,
  }
  if (existing === undefined) conditions.push(condition)
  else conditions[index] = condition
  return true
}

/** Takes the condition of a type away. Returns whether it was there: `meta.RemoveStatusCondition`. */
export function removeStatusCondition(conditions: Condition[], type: string): boolean {
  const index = conditions.findIndex((condition) => condition.type === type)
  if (index < 0) return false
  conditions.splice(index, 1)
  return true
}

/** The condition of a type: `meta.FindStatusCondition`. A status that has no conditions yet has none. */
export function findStatusCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type)
}

/** Whether there is a condition of this type, and it is true: `meta.IsStatusConditionTrue`. */
export function isStatusConditionTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return findStatusCondition(conditions, type)?.status === 'True'
}

/** Whether there is a condition of this type, and it is false: `meta.IsStatusConditionFalse`. */
export function isStatusConditionFalse(conditions: readonly Condition[] | undefined, type: string): boolean {
  return findStatusCondition(conditions, type)?.status === 'False'
}
