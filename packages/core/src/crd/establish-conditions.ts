import { type Condition, equalJson, quote } from '@k1s/apimachinery'
import type { CustomResourceDefinition, CustomResourceDefinitionNames } from './custom-resource-definition.ts'
import { setStoredVersion } from './default-custom-resource-definition.ts'

/** Names that other definitions of the same group have been granted. */
export interface UsedNames {
  /** Whether a plural, singular or short name belongs to another resource. */
  readonly hasResource: (name: string) => boolean
  /** Whether a kind or list kind belongs to another resource. */
  readonly hasKind: (kind: string) => boolean
}

/**
 * Sets `status.acceptedNames`, the conditions NamesAccepted and Established, and `status.storedVersions`, in
 * place. Where the API server leaves the conditions to controllers that settle within seconds, here they are
 * settled at once. A definition that was established stays so. `now` is an RFC 3339 time in seconds.
 *
 * Follows `pkg/controller/status/naming_controller.go` and `pkg/controller/establish` of
 * `k8s.io/apiextensions-apiserver`.
 */
export function establishConditions(crd: CustomResourceDefinition, used: UsedNames, now: string): void {
  const { acceptedNames, conflict } = acceptNames(crd.spec.names, crd.status?.acceptedNames, used)
  let conditions = withCondition(crd.status?.conditions ?? [], 'NamesAccepted', conflict ?? noConflicts, now)
  const isEstablished = conditions.some(({ type, status }) => type === 'Established' && status === 'True')
  if (!isEstablished) {
    conditions = withCondition(
      conditions,
      'Established',
      conflict === undefined ? established : notAccepted,
      now,
    )
  }
  crd.status = { ...crd.status, acceptedNames, conditions }
  setStoredVersion(crd)
}

type ConditionState = Pick<Condition, 'status' | 'reason' | 'message'>

const noConflicts: ConditionState = { status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
const established: ConditionState = {
  status: 'True',
  reason: 'InitialNamesAccepted',
  message: 'the initial names have been accepted',
}
const notAccepted: ConditionState = {
  status: 'False',
  reason: 'NotAccepted',
  message: 'not all names are accepted',
}

/** Each name is granted by itself. Of several conflicts the last one is reported, as in Kubernetes. */
function acceptNames(
  requested: CustomResourceDefinitionNames,
  accepted: CustomResourceDefinitionNames | undefined,
  used: UsedNames,
): { acceptedNames: CustomResourceDefinitionNames; conflict: ConditionState | undefined } {
  const names: CustomResourceDefinitionNames = { plural: '', kind: '', ...accepted }
  let conflict: ConditionState | undefined
  const isTaken = (name: string, has: (name: string) => boolean, granted: string) =>
    name !== granted && has(name)
  const refuse = (what: string, taken: readonly string[]) => {
    const messages = [...new Set(taken.map((name) => `${quote(name)} is already in use`))]
    const message = messages.length === 1 ? messages[0]! : `[${messages.join(', ')}]`
    conflict = { status: 'False', reason: `${what}Conflict`, message }
  }
  const grant = (
    field: 'plural' | 'singular' | 'kind' | 'listKind',
    what: string,
    has: (name: string) => boolean,
  ) => {
    const name = requested[field] ?? ''
    if (isTaken(name, has, accepted?.[field] ?? '')) refuse(what, [name])
    else names[field] = name
  }

  grant('plural', 'Plural', used.hasResource)
  grant('singular', 'Singular', used.hasResource)
  if (!equalJson(requested.shortNames, accepted?.shortNames)) {
    const isOurs = (name: string) => accepted?.shortNames?.includes(name) === true
    const taken = (requested.shortNames ?? []).filter((name) => !isOurs(name) && used.hasResource(name))
    if (taken.length > 0) refuse('ShortNames', taken)
    else if (requested.shortNames !== undefined) names.shortNames = requested.shortNames
    else delete names.shortNames
  }
  grant('kind', 'Kind', used.hasKind)
  grant('listKind', 'ListKind', used.hasKind)
  if (requested.categories !== undefined) names.categories = requested.categories
  else delete names.categories
  return { acceptedNames: names, conflict }
}

/** The time of transition changes with the condition's status alone. */
export function withCondition(
  conditions: readonly Condition[],
  type: string,
  state: ConditionState,
  now: string,
): Condition[] {
  const existing = conditions.find((condition) => condition.type === type)
  const lastTransitionTime = existing?.status === state.status ? existing.lastTransitionTime : now
  const condition: Condition = { type, ...state, lastTransitionTime }
  if (existing === undefined) return [...conditions, condition]
  return conditions.map((other) => (other === existing ? condition : other))
}
