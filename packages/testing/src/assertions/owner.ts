import { type KubernetesObject, parseGroupVersion } from '@k1s/apimachinery'
import { describeObject, requireObject, thereAre } from './describe-object.ts'

export interface OwnerDetails {
  /** Whether the owner is the controller of the object, or is not. Default: it may be. */
  readonly controller?: boolean
}

/** What is wrong, or undefined if one of the references is to `owner`, in any version of its group. */
export function ownerProblem(
  object: KubernetesObject,
  owner: KubernetesObject,
  { controller }: OwnerDetails = {},
): string | undefined {
  requireObject(object)
  requireObject(owner)
  const references = object.metadata.ownerReferences ?? []
  const { group } = parseGroupVersion(owner.apiVersion)
  const isOwned = references.some(
    (reference) =>
      reference.kind === owner.kind &&
      reference.name === owner.metadata.name &&
      parseGroupVersion(reference.apiVersion).group === group &&
      (owner.metadata.uid === undefined || reference.uid === owner.metadata.uid) &&
      (controller === undefined || (reference.controller ?? false) === controller),
  )
  if (isOwned) return undefined
  const role = controller === undefined ? 'owned' : controller ? 'controlled' : 'owned, and not controlled,'
  const uid = owner.metadata.uid === undefined ? '' : ` (uid ${owner.metadata.uid})`
  const there = references.map(
    ({ kind, name, uid, controller }) => `${kind} ${name} (uid ${uid}${controller ? ', controller' : ''})`,
  )
  return `${describeObject(object)} is not ${role} by ${describeObject(owner)}${uid}; of references ${thereAre(there)}`
}
