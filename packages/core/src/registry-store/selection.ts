import {
  newBadRequest,
  parseFieldSelector,
  parseLabelSelector,
  quote,
  type Unstructured,
} from '@k1s/apimachinery'
import { readFieldPath } from '../field-path.ts'
import type { ResourceRequest } from './resource-request.ts'

/** Whether an object in the caller's version is wanted. */
export type Predicate = (object: Unstructured) => boolean

export interface Selection {
  /** Undefined if everything is wanted. */
  readonly predicate?: Predicate
  /** The one name that can match, if the field selector says so. */
  readonly name?: string
}

/** The label and field selectors of a request. BadRequest with the words of an API server if they cannot be used. */
export function selectionOf(resourceRequest: ResourceRequest): Selection {
  const { labelSelector, fieldSelector } = resourceRequest.request.options
  const predicates: Predicate[] = []
  if (labelSelector) {
    const matcher = parse(() => parseLabelSelector(labelSelector))
    if (!matcher.empty) predicates.push((object) => matcher.matches(object.metadata.labels))
  }
  let name: string | undefined
  if (fieldSelector) {
    const matcher = parse(() => parseFieldSelector(fieldSelector))
    const tests = matcher.requirements.map(({ field, operator, value }): Predicate => {
      const read = fieldReader(resourceRequest, field)
      return operator === '=' ? (object) => read(object) === value : (object) => read(object) !== value
    })
    if (!matcher.empty) predicates.push((object) => tests.every((test) => test(object)))
    name = matcher.requiresExactMatch('metadata.name')
  }
  const [first, second] = predicates
  return {
    ...(first !== undefined && {
      predicate: second === undefined ? first : (object) => first(object) && second(object),
    }),
    ...(name !== undefined && { name }),
  }
}

function parse<T>(parser: () => T): T {
  try {
    return parser()
  } catch (error) {
    throw newBadRequest(error instanceof Error ? error.message : String(error))
  }
}

function fieldReader(
  { definition, version }: ResourceRequest,
  field: string,
): (object: Unstructured) => string {
  if (field === 'metadata.name') return ({ metadata }) => metadata.name ?? ''
  if (field === 'metadata.namespace') return ({ metadata }) => metadata.namespace ?? ''
  const { strategy } = definition
  const read = strategy.selectableFields?.[field]
  if (read !== undefined) {
    const { convert } = strategy
    return convert === undefined ? read : (object) => read(convert(object, definition.storageApiVersion))
  }
  const path = version.selectableFields.find((candidate) => candidate.replace(/^\./, '') === field)
  if (path === undefined) {
    // Kinds that have no selectable fields of their own answer by `DefaultMetaV1FieldSelectorConversion`.
    const isPlain = definition.origin === 'builtin' && strategy.selectableFields === undefined
    throw newBadRequest(
      isPlain
        ? `${quote(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`
        : `field label not supported: ${field}`,
    )
  }
  return (object) => {
    const value = readFieldPath(object, path)
    return value === undefined || value === null ? '' : String(value)
  }
}
