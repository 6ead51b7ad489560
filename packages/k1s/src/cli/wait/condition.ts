import { type KubernetesObject, parseJsonPath, quote } from '@k1s/apimachinery'
import { relaxedJsonPath } from '@k1s/cli-runtime'

/** What `wait --for` names. */
export type Condition =
  | { readonly type: 'create' }
  | { readonly type: 'delete' }
  | { readonly type: 'holds'; readonly holds: (object: KubernetesObject) => boolean }

/** With the texts of conditionFuncsFor of `k8s.io/kubectl/pkg/cmd/wait`. */
export function parseCondition(text: string): Condition {
  const lower = text.toLowerCase()
  if (lower === 'create') return { type: 'create' }
  if (lower === 'delete') return { type: 'delete' }
  if (text.startsWith('condition=')) return { type: 'holds', holds: statusCondition(text.slice(10)) }
  if (text.startsWith('jsonpath=')) return { type: 'holds', holds: jsonPathCondition(text.slice(9)) }
  throw new Error(`unrecognized condition: ${quote(text)}`)
}

interface StatusCondition {
  type?: unknown
  status?: unknown
  observedGeneration?: unknown
}

/** `Ready` or `Ready=false`. A condition that was observed on an older generation does not count. */
function statusCondition(text: string): (object: KubernetesObject) => boolean {
  const equals = text.indexOf('=')
  const name = (equals < 0 ? text : text.slice(0, equals)).toLowerCase()
  const wanted = (equals < 0 ? 'true' : text.slice(equals + 1)).toLowerCase()
  return (object) => {
    const { status } = object as { status?: { conditions?: unknown; observedGeneration?: unknown } }
    if (!Array.isArray(status?.conditions)) return false
    const condition = (status.conditions as StatusCondition[]).find(
      (candidate) => typeof candidate?.type === 'string' && candidate.type.toLowerCase() === name,
    )
    if (typeof condition?.status !== 'string') return false
    const observed = condition.observedGeneration ?? status.observedGeneration
    const { generation } = object.metadata
    if (generation !== undefined && typeof observed === 'number' && observed < generation) return false
    return condition.status.toLowerCase() === wanted
  }
}

/** `{.status.phase}`, which must lead somewhere, or `{.status.phase}=Available`. */
function jsonPathCondition(text: string): (object: KubernetesObject) => boolean {
  const [expression, value, ...more] = splitAtSingleEquals(text)
  if (more.length > 0) {
    throw new Error(
      "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'",
    )
  }
  const wanted = value?.replace(/^['"]+|['"]+$/g, '')
  if (wanted === '') {
    throw new Error(
      "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    )
  }
  if (expression === '') throw new Error('jsonpath expression cannot be empty')
  const path = parseJsonPath(relaxedJsonPath(expression!), { allowMissingKeys: true })
  return (object) => {
    const results = path.findResults(object)
    if (results.length === 0 || results[0]!.length === 0) return false
    if (results.length > 1) throw new Error('given jsonpath expression matches more than one list')
    if (results[0]!.length > 1) throw new Error('given jsonpath expression matches more than one value')
    if (wanted === undefined) return true
    const [found] = results[0]!
    if (typeof found === 'object' && found !== null) {
      throw new Error('jsonpath leads to a nested object or list which is not supported')
    }
    return String(found).trim() === wanted.trim()
  }
}

/** `==` inside a filter does not end the expression. */
function splitAtSingleEquals(text: string): string[] {
  return text
    .replaceAll('==', '\u0000')
    .split('=')
    .map((part) => part.replaceAll('\u0000', '=='))
}
