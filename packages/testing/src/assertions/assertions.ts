import { AssertionError } from 'node:assert'
import type { KubernetesObject } from '@k1s/apimachinery'
import type { Kind, ObjectKey } from '@k1s/core'
import { type ClientSource, clientOf } from './client-source.ts'
import { type ConditionDetails, conditionProblem } from './condition.ts'
import { type Event, type EventDetails, findEvent } from './event.ts'
import { findObject, presenceProblem } from './existence.ts'
import { finalizerProblem } from './finalizer.ts'
import { type OwnerDetails, ownerProblem } from './owner.ts'
import { type StatusErrorDetails, statusErrorProblem } from './status-error.ts'

/** Throws an AssertionError that shows the conditions of the object unless it has this one. */
export function assertCondition(
  object: KubernetesObject,
  type: string,
  status = 'True',
  details: ConditionDetails = {},
): void {
  refuse(conditionProblem(object, type, status, details), assertCondition)
}

/** Returns the object. Throws an AssertionError that shows which objects of the kind there are unless it is one of them. */
export async function assertExists<T extends KubernetesObject>(
  source: ClientSource,
  kind: Kind<T>,
  key: ObjectKey,
): Promise<T> {
  const found = await findObject(clientOf(source), kind, key)
  if ('object' in found) return found.object
  throw refusal(found.problem, assertExists)
}

/** Throws an AssertionError that shows what holds the object if it is still there. */
export async function assertGone<T extends KubernetesObject>(
  source: ClientSource,
  kind: Kind<T>,
  key: ObjectKey,
): Promise<void> {
  refuse(await presenceProblem(clientOf(source), kind, key), assertGone)
}

/** Throws an AssertionError that shows the owners of the object unless `owner` is one of them. */
export function assertOwnedBy(
  object: KubernetesObject,
  owner: KubernetesObject,
  details: OwnerDetails = {},
): void {
  refuse(ownerProblem(object, owner, details), assertOwnedBy)
}

/** Throws an AssertionError that shows the finalizers of the object unless it has this one. */
export function assertHasFinalizer(object: KubernetesObject, finalizer: string): void {
  refuse(finalizerProblem(object, finalizer), assertHasFinalizer)
}

/**
 * Returns the first Event about the object for which all details hold. Throws an AssertionError that shows the Events about the
 * object if there is none.
 */
export async function assertEvent(
  source: ClientSource,
  object: KubernetesObject,
  details: EventDetails = {},
): Promise<Event> {
  const found = await findEvent(clientOf(source), object, details)
  if ('event' in found) return found.event
  throw refusal(found.problem, assertEvent)
}

/** Throws an AssertionError unless the value is a StatusError for which all details hold. For `assert.rejects`, too. */
export function assertStatusError(value: unknown, details: StatusErrorDetails = {}): true {
  refuse(statusErrorProblem(value, details), assertStatusError)
  return true
}

type Assertion = (...values: never[]) => unknown

function refuse(problem: string | undefined, assertion: Assertion): void {
  if (problem !== undefined) throw refusal(problem, assertion)
}

/** Its stack begins where the assertion was called. */
function refusal(message: string, assertion: Assertion): AssertionError {
  return new AssertionError({ message, stackStartFn: assertion })
}
