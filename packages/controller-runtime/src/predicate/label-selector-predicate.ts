import { type KubernetesObject, type LabelSelector, labelSelectorAsMatcher } from '@k1s/apimachinery'
import type { Predicate } from './predicate.ts'
import { predicateFuncs } from './predicate-funcs.ts'

/**
 * Lets events through of objects whose labels match; of updates those of the new object. Throws an Error for a selector that
 * is not valid.
 */
export function labelSelectorPredicate(selector: LabelSelector): Predicate<KubernetesObject> {
  const matcher = labelSelectorAsMatcher(selector)
  return predicateFuncs<KubernetesObject>(({ metadata }) => matcher.matches(metadata.labels))
}
