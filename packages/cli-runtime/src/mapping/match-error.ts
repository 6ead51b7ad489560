import type { GroupKind } from '@k1s/apimachinery'

/** No resource goes by this name: the text of kubectl, with a line that suggests near ones. */
export class UnknownResourceTypeError extends Error {
  override readonly name = 'UnknownResourceTypeError'
  readonly resource: string

  constructor(resource: string, hint?: string) {
    const message = `the server doesn't have a resource type ${JSON.stringify(resource)}`
    super(hint === undefined ? message : `${message}\n${hint}`)
    this.resource = resource
  }
}

/** As {@link UnknownResourceTypeError}, printed without `error: ` before it, as `meta.NoResourceMatchError` is. */
export class NoResourceMatchError extends Error {
  override readonly name = 'NoResourceMatchError'

  constructor({ message }: { readonly message: string }) {
    super(message)
  }
}

/** No resource has this kind, or not in this version: `meta.NoKindMatchError`. */
export class NoKindMatchError extends Error {
  override readonly name = 'NoKindMatchError'
  readonly groupKind: GroupKind
  /** `Did you mean …?`, if other kinds or versions are near. */
  readonly hint: string | undefined

  constructor(groupKind: GroupKind, version: string | undefined, hint?: string) {
    const groupVersion = groupKind.group === '' ? version : `${groupKind.group}/${version}`
    super(
      version === undefined || version === ''
        ? `no matches for kind ${JSON.stringify(groupKind.kind)} in group ${JSON.stringify(groupKind.group)}`
        : `no matches for kind ${JSON.stringify(groupKind.kind)} in version ${JSON.stringify(groupVersion)}`,
    )
    this.groupKind = groupKind
    this.hint = hint
  }
}
