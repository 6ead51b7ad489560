import {
  isNotFound,
  type LabelSelector,
  type LabelSelectorMatcher,
  labelSelectorAsMatcher,
  newInternalError,
  newNotFound,
  type Unstructured,
} from '@k1s/apimachinery'
import type { StorageInterface } from '@k1s/storage'
import { namespaceDefinition } from '../builtin/namespace.ts'
import { objectKey } from '../resource-path.ts'
import type { AdmissionAttributes } from './admission.ts'

/** Selectors of what is admitted. An absent one selects everything. */
export interface AdmissionSelectors {
  readonly namespaceSelector?: LabelSelector
  readonly objectSelector?: LabelSelector
}

const everything: LabelSelector = {}

/** Whether the object, as it is or as it was, has the wanted labels: `object.Matcher` of the API server. */
export function objectSelectorMatches(
  { objectSelector = everything }: AdmissionSelectors,
  { object, oldObject }: AdmissionAttributes,
): boolean {
  const selector = matcherOf(objectSelector)
  if (selector.requirements.length === 0) return true
  return [object, oldObject].some((one) => one !== undefined && selector.matches(one.metadata.labels))
}

/**
 * Whether the namespace of a request has the wanted labels: `namespace.Matcher` of the API server. Requests for
 * cluster-scoped objects other than namespaces are always meant; a namespace that is written counts as it will be.
 * NotFound if there is no such namespace.
 */
export function namespaceSelectorMatches(
  storage: StorageInterface,
  { namespaceSelector = everything }: AdmissionSelectors,
  attributes: AdmissionAttributes,
): boolean | Promise<boolean> {
  const { namespace, resource, subresource, object } = attributes
  if (namespace === undefined && resource !== 'namespaces') return true
  const selector = matcherOf(namespaceSelector)
  if (selector.requirements.length === 0) return true
  if (resource === 'namespaces' && subresource === undefined && object !== undefined) {
    return selector.matches(object.metadata.labels)
  }
  return getNamespace(storage, attributes.tenant, namespace ?? '').then(({ metadata }) =>
    selector.matches(metadata.labels),
  )
}

/** NotFound in the words of an API server. */
export async function getNamespace(
  storage: StorageInterface,
  tenant: string,
  namespace: string,
): Promise<Unstructured> {
  try {
    return await storage.get(objectKey(tenant, namespaceDefinition, undefined, namespace))
  } catch (error) {
    throw isNotFound(error) ? newNotFound({ group: '', resource: 'namespaces' }, namespace) : error
  }
}

const matchers = new WeakMap<LabelSelector, LabelSelectorMatcher>()

/** Selectors are not changed once they are in force. */
function matcherOf(selector: LabelSelector): LabelSelectorMatcher {
  let matcher = matchers.get(selector)
  if (matcher === undefined) {
    try {
      matcher = labelSelectorAsMatcher(selector)
    } catch (error) {
      throw newInternalError(error)
    }
    matchers.set(selector, matcher)
  }
  return matcher
}
