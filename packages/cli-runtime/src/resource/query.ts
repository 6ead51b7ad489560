import type { Transport, UserInfo } from '@k1s/core'
import type { RestMapper } from '../mapping/rest-mapper.ts'
import type { InputStream } from '../streams/io-streams.ts'
import type { ResourceTuple } from './arguments.ts'

/** Everything that a builder was told. */
export interface Query {
  errors: Error[]
  /** Paths and patterns; `-` for standard input. */
  filenames: string[]
  recursive: boolean
  /** Texts to read like standard input. */
  streams: { readonly text: string; readonly name: string }[]
  /** Resource types, and categories where `expandCategories` holds. */
  types: string[]
  expandCategories: boolean
  names: string[]
  tuples: ResourceTuple[]
  labelSelector: string | undefined
  fieldSelector: string | undefined
  selectAll: boolean
  namespace: string
  allNamespaces: boolean
  defaultNamespace: boolean
  requireNamespace: boolean
  limit: number
  subresource: string | undefined
  asTable: boolean
  /** Rows have whole objects in place of their metadata. */
  includeObject: boolean
  flatten: boolean
  latest: boolean
  requireObject: boolean
  continueOnError: boolean
  singleResourceType: boolean
  local: boolean
  fieldValidation: 'Strict' | 'Warn' | 'Ignore'
}

/** What a builder asks of its surroundings, each when it is needed. A Factory has it all. */
export interface BuilderContext {
  readonly streams: { readonly in: InputStream }
  transport(): Promise<Transport>
  /** `refresh` asks the server again, for kinds that came to be since. */
  restMapper(options?: { readonly refresh?: boolean }): Promise<RestMapper>
  config(): Promise<{ readonly tenant: string }>
  user(): Promise<UserInfo>
  warn(text: string): void
}

export function emptyQuery(): Query {
  return {
    errors: [],
    filenames: [],
    recursive: false,
    streams: [],
    types: [],
    expandCategories: false,
    names: [],
    tuples: [],
    labelSelector: undefined,
    fieldSelector: undefined,
    selectAll: false,
    namespace: '',
    allNamespaces: false,
    defaultNamespace: false,
    requireNamespace: false,
    limit: 0,
    subresource: undefined,
    asTable: false,
    includeObject: false,
    flatten: false,
    latest: false,
    requireObject: true,
    continueOnError: false,
    singleResourceType: false,
    local: false,
    fieldValidation: 'Warn',
  }
}
