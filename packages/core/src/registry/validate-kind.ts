import {
  type FieldError,
  fieldError,
  isDNS1035Label,
  type KubernetesObject,
  newInvalid,
} from '@k1s/apimachinery'
import { validateGroup, validateNames } from '../crd/validate-names.ts'
import type { KindDefinition } from '../kind.ts'

/**
 * Invalid unless the kind is named as a CustomResourceDefinition would have to be. Its schema is checked when it is
 * first needed: see `compileKind`.
 */
export function validateKind(kind: KindDefinition<KubernetesObject>): void {
  const errors = [...typeErrors(kind)]
  if (errors.length === 0) errors.push(...nameErrors(kind))
  if (errors.length > 0) throw newInvalid({ group: '', kind: 'KindDefinition' }, nameOf(kind), errors)
}

/** How messages name a kind. */
export function nameOf({ plural, group }: KindDefinition<KubernetesObject>): string {
  return `${plural}.${group}`
}

/** What the compiler tells those who write TypeScript. */
function typeErrors(kind: KindDefinition<KubernetesObject>): FieldError[] {
  const required = (['group', 'version', 'kind', 'plural'] as const)
    .filter((field) => typeof kind[field] !== 'string' || kind[field] === '')
    .map((field) => fieldError.required(field))
  if (typeof kind.namespaced === 'boolean') return required
  return [...required, fieldError.required('namespaced', 'must be true or false')]
}

function nameErrors(kind: KindDefinition<KubernetesObject>): FieldError[] {
  const { group, version } = kind
  const versionMessages = isDNS1035Label(version)
  return [
    ...validateGroup(group, 'group'),
    ...(versionMessages.length > 0
      ? [fieldError.invalid('version', version, versionMessages.join(','))]
      : []),
    ...validateNames(kind, ''),
  ]
}
