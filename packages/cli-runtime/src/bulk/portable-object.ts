import { isJsonObject, type ObjectMeta, type Unstructured } from '@k1s/apimachinery'
import { withoutAssignedFields } from './assigned-fields.ts'
import { isDefinition, isNamespace } from './import-order.ts'

/** What the server sets in metadata and nobody can choose elsewhere. `deletionTimestamp` stays: it has to be seen. */
const serverSet = [
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'managedFields',
  'selfLink',
] as const satisfies readonly (keyof ObjectMeta)[]

const nameLabel = 'kubernetes.io/metadata.name'

/**
 * An object without what the server and the control plane it comes from have set, so that it can be created elsewhere. The status stays,
 * unless the server makes it by itself from what it has. What is given is not changed.
 */
export function portableObject(object: Unstructured): Unstructured {
  const metadata: ObjectMeta = { ...object.metadata }
  for (const field of serverSet) delete metadata[field]
  const portable: Unstructured = { ...object, metadata }
  const group = groupOf(object)
  if (hasOwnStatus(group, object.kind)) delete portable.status
  withoutAssignedFields(portable, group)
  if (isNamespace({ group, kind: object.kind })) withoutSystemFields(portable)
  return portable
}

/** Whether the server computes the status by itself, so that it cannot be restored and need not be. */
export function hasOwnStatus(group: string, kind: string): boolean {
  return (
    isNamespace({ group, kind }) ||
    isDefinition({ group, kind }) ||
    (group === '' && kind === 'ResourceQuota') ||
    (group === 'admissionregistration.k8s.io' && kind === 'ValidatingAdmissionPolicy')
  )
}

/** The server gives every namespace its finalizer and a label with its name. */
function withoutSystemFields(namespace: Unstructured): void {
  const { metadata, spec } = namespace
  if (metadata.labels?.[nameLabel] === metadata.name) {
    const { [nameLabel]: _, ...labels } = metadata.labels ?? {}
    if (Object.keys(labels).length > 0) metadata.labels = labels
    else delete metadata.labels
  }
  if (!isJsonObject(spec)) return
  const { finalizers, ...rest } = spec
  const isUsual = !Array.isArray(finalizers) || finalizers.every((finalizer) => finalizer === 'kubernetes')
  if (isUsual && Object.keys(rest).length === 0) delete namespace.spec
}

function groupOf({ apiVersion }: Unstructured): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}
