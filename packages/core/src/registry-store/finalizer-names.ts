import { type FieldError, fieldError, quote, type Unstructured } from '@k1s/apimachinery'
import type { ResourceDefinition } from '../resource-definition.ts'

const standardFinalizers: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion'])

const isBare = (name: string) => !name.includes('/') && !standardFinalizers.has(name)

/** What is wrong with the name of a finalizer in the core group, which has to be qualified or a standard one. */
export function kubeFinalizerName(name: string): string[] {
  return isBare(name) ? ['name is neither a standard finalizer name nor is it fully qualified'] : []
}

/** Kinds of the core group take qualified names and the standard ones only: `validateKubeFinalizerName`. */
export function validateFinalizerNames(
  { group, origin }: ResourceDefinition,
  { metadata }: Unstructured,
): FieldError[] {
  const { finalizers } = metadata
  if (finalizers === undefined || group !== '' || origin !== 'builtin') return []
  return finalizers.flatMap((name, index) =>
    kubeFinalizerName(name).map((problem) =>
      fieldError.invalid(`metadata.finalizers[${index}]`, name, problem),
    ),
  )
}

/** What is said of new finalizers of other kinds: `generateWarningsFromObj` of the strategy of custom resources. */
export function finalizerWarnings(
  { origin }: ResourceDefinition,
  { metadata }: Unstructured,
  old?: Unstructured,
): string[] {
  const { finalizers } = metadata
  if (finalizers === undefined || origin === 'builtin') return []
  const added = finalizers.filter((name) => isBare(name) && !old?.metadata.finalizers?.includes(name))
  return added.sort().map((name) => {
    const path = name.includes('.') ? ' including a path (/)' : ''
    return `metadata.finalizers: ${quote(name)}: prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`
  })
}
