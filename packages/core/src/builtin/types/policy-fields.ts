import type { GoStruct } from '../../schema/go-type.ts'
import { matchCondition, matchResources, paramKind, paramRef } from './admission-match.ts'

/** Fields that policies have, whether they validate or mutate. */
export const policyFields = {
  failurePolicy: {
    type: 'string',
    description:
      'Whether a request fails if the policy cannot be evaluated: Fail or Ignore. Defaults to Fail.',
    enum: ['Fail', 'Ignore'],
  },
  matchConditions: {
    type: { listOf: matchCondition },
    description:
      'Further conditions, as CEL expressions that must all be true for the policy to apply. At most 64.',
    listType: 'map',
    listMapKeys: ['name'],
    patchStrategy: ['merge'],
    patchMergeKey: 'name',
  },
  matchConstraints: {
    type: matchResources,
    description: 'The requests that the policy applies to. Required.',
  },
  paramKind: {
    type: paramKind,
    description:
      'The kind of the objects that parameterize the policy. Without it there is no params variable.',
  },
} as const satisfies GoStruct['fields']

/** Fields that bindings of both have. */
export const bindingFields = {
  matchResources: {
    type: matchResources,
    description: "Restricts the requests further. Without it the policy's own constraints decide.",
  },
  paramRef: {
    type: paramRef,
    description: 'The objects that parameterize the policy, if it has a paramKind.',
  },
} as const satisfies GoStruct['fields']
