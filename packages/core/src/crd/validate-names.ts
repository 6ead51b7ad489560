import { type FieldError, fieldError, indexPath, isDNS1035Label, isDNS1123Subdomain } from '@k1s/apimachinery'

// The names of a definition, after `k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation`.

/** The name of an API group, which is never the core one. */
export function validateGroup(group: string, path: string): FieldError[] {
  if (group === '') return [fieldError.required(path)]
  const messages = isDNS1123Subdomain(group)
  if (messages.length > 0) return [fieldError.invalid(path, group, messages.join(','))]
  if (group.includes('.')) return []
  return [fieldError.invalid(path, group, 'should be a domain with at least one dot')]
}

interface Names {
  readonly plural?: string
  readonly singular?: string | undefined
  readonly kind?: string
  readonly listKind?: string | undefined
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
}

/** The names that are set; `path` is that of the object that holds them, or empty. */
export function validateNames(names: Names, path: string): FieldError[] {
  const errors: FieldError[] = []
  const at = (field: string) => (path === '' ? field : `${path}.${field}`)
  const check = (field: string, name: string | undefined, mayHaveCapitals: boolean) => {
    if (!name) return
    const messages = isDNS1035Label(mayHaveCapitals ? name.toLowerCase() : name)
    if (messages.length === 0) return
    const prefix = mayHaveCapitals ? 'may have mixed case, but should otherwise match: ' : ''
    errors.push(fieldError.invalid(at(field), name, prefix + messages.join(',')))
  }
  check('plural', names.plural, false)
  check('singular', names.singular, false)
  check('kind', names.kind, true)
  check('listKind', names.listKind, true)
  const checkAll = (field: string, list: readonly string[] | undefined) => {
    list?.forEach((name, index) => {
      const messages = isDNS1035Label(name)
      if (messages.length > 0) {
        errors.push(fieldError.invalid(indexPath(at(field), index), name, messages.join(',')))
      }
    })
  }
  checkAll('shortNames', names.shortNames)
  if (names.kind && names.kind === names.listKind) {
    errors.push(fieldError.invalid(at('listKind'), names.listKind, 'kind and listKind may not be the same'))
  }
  checkAll('categories', names.categories)
  return errors
}
