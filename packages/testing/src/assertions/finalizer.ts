import type { KubernetesObject } from '@k1s/apimachinery'
import { describeObject, requireObject, thereAre } from './describe-object.ts'

/** What is wrong, or undefined if the object has the finalizer. */
export function finalizerProblem(object: KubernetesObject, finalizer: string): string | undefined {
  requireObject(object)
  const finalizers = object.metadata.finalizers ?? []
  if (finalizers.includes(finalizer)) return undefined
  return `${describeObject(object)} does not have the finalizer ${finalizer}; ${thereAre(finalizers)}`
}
