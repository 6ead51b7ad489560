import type { KubernetesObject } from '@k1s/apimachinery'
import { type ClientSource, clientOf } from '../assertions/client-source.ts'
import { type ConditionDetails, conditionProblem } from '../assertions/condition.ts'
import { describeObject } from '../assertions/describe-object.ts'
import { type EventDetails, findEvent } from '../assertions/event.ts'
import { finalizerProblem } from '../assertions/finalizer.ts'
import { type OwnerDetails, ownerProblem } from '../assertions/owner.ts'
import { type StatusErrorDetails, statusErrorProblem } from '../assertions/status-error.ts'

interface Verdict {
  readonly pass: boolean
  readonly message: () => string
}

/** For `expect.extend`, which importing `@k1s/testing/vitest` has called already. */
export const matchers = {
  toHaveCondition(
    object: KubernetesObject,
    type: string,
    status = 'True',
    details: ConditionDetails = {},
  ): Verdict {
    const problem = conditionProblem(object, type, status, details)
    return verdict(problem, () => `${describeObject(object)} has the condition ${type}=${status}`)
  },

  toBeOwnedBy(object: KubernetesObject, owner: KubernetesObject, details: OwnerDetails = {}): Verdict {
    const problem = ownerProblem(object, owner, details)
    return verdict(problem, () => `${describeObject(object)} is owned by ${describeObject(owner)}`)
  },

  toHaveFinalizer(object: KubernetesObject, finalizer: string): Verdict {
    const problem = finalizerProblem(object, finalizer)
    return verdict(problem, () => `${describeObject(object)} has the finalizer ${finalizer}`)
  },

  toBeStatusError(value: unknown, details: StatusErrorDetails = {}): Verdict {
    const problem = statusErrorProblem(value, details)
    return verdict(problem, () => `it is such a StatusError: ${(value as Error).message}`)
  },

  async toHaveEvent(
    source: ClientSource,
    object: KubernetesObject,
    details: EventDetails = {},
  ): Promise<Verdict> {
    const found = await findEvent(clientOf(source), object, details)
    const problem = 'problem' in found ? found.problem : undefined
    return verdict(problem, () => `there is such an Event about ${describeObject(object)}`)
  },
}

/** The opposite is what is wrong when a matcher is negated. */
function verdict(problem: string | undefined, opposite: () => string): Verdict {
  return { pass: problem === undefined, message: () => problem ?? opposite() }
}
