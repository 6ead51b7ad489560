import type { Condition, KubernetesObject } from '@k1s/apimachinery'
import { describeObject, requireObject } from './describe-object.ts'
import { matchesText } from './matches-text.ts'

/** What a condition has besides its type and status. */
export interface ConditionDetails {
  readonly reason?: string
  /** The whole message, or an expression for it. */
  readonly message?: string | RegExp
}

/** What is wrong, or undefined if the object has the condition. */
export function conditionProblem(
  object: KubernetesObject,
  type: string,
  status: string,
  { reason, message }: ConditionDetails = {},
): string | undefined {
  requireObject(object)
  const conditions = conditionsOf(object)
  const found = conditions.find((condition) => condition.type === type)
  const isMeant =
    found !== undefined &&
    found.status === status &&
    (reason === undefined || found.reason === reason) &&
    matchesText(found.message, message)
  if (isMeant) return undefined
  const wanted = formatCondition({
    type,
    status,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message: String(message) }),
  })
  const there =
    conditions.length === 0
      ? 'there are none'
      : `there are:\n${conditions.map((one) => `  ${formatCondition(one)}`).join('\n')}`
  return `${describeObject(object)} does not have the condition ${wanted}; ${there}`
}

function conditionsOf(object: KubernetesObject): Partial<Condition>[] {
  const { conditions } = (object as { status?: { conditions?: unknown } }).status ?? {}
  return Array.isArray(conditions) ? conditions : []
}

function formatCondition({
  type,
  status,
  reason,
  message,
}: {
  type?: string
  status?: string
  reason?: string
  message?: string
}): string {
  const details = [reason, message && JSON.stringify(message)].filter(Boolean).join(': ')
  return `${type}=${status}${details && ` (${details})`}`
}
