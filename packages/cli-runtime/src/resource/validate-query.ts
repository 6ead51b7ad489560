import type { Query } from './query.ts'

/** What a builder does with its query. Files come first, then selectors, `type/name` pairs, and names of one type. */
export type QueryForm = 'files' | 'selector' | 'pairs' | 'names'

/**
 * Decides what a query asks for.
 *
 * @throws Error with the texts of `resource.Builder` if its parts do not go together.
 */
export function formOf(query: Query): QueryForm {
  const { types, names, tuples } = query
  if (query.filenames.length > 0 || query.streams.length > 0) {
    validateFiles(query)
    return 'files'
  }
  if (query.labelSelector !== undefined || query.fieldSelector !== undefined || query.selectAll) {
    validateSelector(query)
    return 'selector'
  }
  if (query.local) throw new Error(localResourceError)
  if (tuples.length > 0) {
    if (types.length > 0) {
      throw new Error('you may not specify individual resources and bulk resources in the same call')
    }
    return 'pairs'
  }
  if (names.length > 0) {
    if (types.length === 0) throw new Error('you must provide a resource and a resource name together')
    return 'names'
  }
  if (types.length > 0) throw new Error('resource(s) were provided, but no name was specified')
  throw new Error(missingResourceError)
}

function validateFiles({ types, names, tuples }: Query): void {
  if (types.length > 0) {
    throw new Error(
      'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
    )
  }
  if (names.length > 0) throw new Error('name cannot be provided when a path is specified')
  if (tuples.length > 0) {
    throw new Error('resource/name arguments cannot be provided when a path is specified')
  }
}

function validateSelector({ types, names, tuples, subresource }: Query): void {
  if (names.length > 0) throw new Error('name cannot be provided when a selector is specified')
  if (tuples.length > 0) {
    throw new Error('selectors and the all flag cannot be used when passing resource/name arguments')
  }
  if (types.length === 0) throw new Error('at least one resource must be specified to use a selector')
  if (subresource) throw new Error('subresource cannot be used when bulk resources are specified')
}

const missingResourceError = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`

const localResourceError = `error: you must specify resources by --filename when --local is set.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'`
