/** A query or path parameter of operations. */
export interface Parameter {
  readonly name: string
  readonly in: 'query' | 'path'
  readonly description: string
  readonly type: 'string' | 'integer' | 'boolean'
}

function query(name: string, type: Parameter['type'], description: string): Parameter {
  return { name, in: 'query', type, description }
}

export const pretty = query('pretty', 'string', "If 'true', the answer is indented.")

export const namespaceParameter: Parameter = {
  name: 'namespace',
  in: 'path',
  type: 'string',
  description: 'The namespace of the objects.',
}

export function nameParameter(kind: string): Parameter {
  return { name: 'name', in: 'path', type: 'string', description: `The name of the ${kind}.` }
}

const dryRun = query('dryRun', 'string', 'With "All", everything is checked and nothing is stored.')
const fieldManager = query(
  'fieldManager',
  'string',
  'Who makes the change: the name under which managedFields has it. At most 128 characters.',
)
const fieldValidation = query(
  'fieldValidation',
  'string',
  'What to do about unknown and duplicate fields: Ignore, Warn (the default) or Strict, which refuses them.',
)
const force = query(
  'force',
  'boolean',
  'Takes over fields of other managers where an apply conflicts with them. Only for apply patches.',
)

/** `metav1.GetOptions`. */
export const getParameters: readonly Parameter[] = [
  query('resourceVersion', 'string', 'The version that the object must at least have.'),
]

/** `metav1.ListOptions`. */
export const listParameters: readonly Parameter[] = [
  query('allowWatchBookmarks', 'boolean', 'Asks a watch for events of type BOOKMARK.'),
  query('continue', 'string', 'The token of the previous page.'),
  query('fieldSelector', 'string', 'Selects objects by their fields. Defaults to all.'),
  query('labelSelector', 'string', 'Selects objects by their labels. Defaults to all.'),
  query('limit', 'integer', 'The greatest number of objects of a page.'),
  query('resourceVersion', 'string', 'The version to list at, or to watch from.'),
  query('resourceVersionMatch', 'string', 'How resourceVersion is meant for a list: Exact or NotOlderThan.'),
  query(
    'sendInitialEvents',
    'boolean',
    'Starts a watch with the current objects, and marks their end with a BOOKMARK.',
  ),
  query('timeoutSeconds', 'integer', 'Seconds after which the call ends, whatever happens.'),
  query('watch', 'boolean', 'Answers with a stream of changes in place of a list.'),
]

/** `metav1.CreateOptions` and `metav1.UpdateOptions`. */
export const writeParameters: readonly Parameter[] = [dryRun, fieldManager, fieldValidation]

/** `metav1.PatchOptions`. */
export const patchParameters: readonly Parameter[] = [...writeParameters, force]

/** `metav1.DeleteOptions`. */
export const deleteParameters: readonly Parameter[] = [
  dryRun,
  query('gracePeriodSeconds', 'integer', 'Seconds that the object gets to end; zero means at once.'),
  query('orphanDependents', 'boolean', 'Not supported: use propagationPolicy.'),
  query(
    'propagationPolicy',
    'string',
    'What becomes of dependents: Orphan leaves them, Background deletes them afterwards, Foreground before.',
  ),
]
