import type { KubernetesObject } from '@k1s/apimachinery'
import { describeObject, thereAre } from './describe-object.ts'

/** What is wrong, or undefined if the object has the finalizer. */
export function finalizerProblem(object: KubernetesObject, finalizer: string): string | undefined {
  const finalizers = object.metadata.finalizers ?? []
  if (finalizers.includes(finalizer)) return undefined
  return `${describeObject(object)} does not have the finalizer ${finalizer}; ${thereAre(finalizers)}`
}
