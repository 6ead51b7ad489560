import { newBadRequest } from '@k1s/apimachinery'
import type { RequestOptions, Verb } from '@k1s/core'
import { propagationOf } from '../body/delete-options.ts'
import { isTrue } from './request-info.ts'

type Writable<T> = { -readonly [key in keyof T]: T[key] }

const none: RequestOptions = {}

/**
 * The options of a request in its query, decoded as by `metav1.ParameterCodec`: the first of several values counts,
 * parameters that the verb does not have are ignored. BadRequest for a number that is none. Whether values are allowed
 * is the chain's to say.
 */
export function requestOptionsOf(verb: Verb, query: URLSearchParams): RequestOptions {
  if (query.size === 0) return none
  switch (verb) {
    case 'get':
      return read(query, ['resourceVersion'])
    case 'list':
    case 'watch':
      return listOptions(query)
    case 'create':
    case 'update':
      return writeOptions(query)
    case 'patch':
      return { ...writeOptions(query), ...(query.has('force') && { force: isTrue(query.get('force')) }) }
    case 'delete':
      return deleteOptions(query)
    case 'deletecollection':
      return { ...selectionOptions(query), ...deleteOptions(query) }
  }
}

/** What rows of a Table have of their objects. Invalid values are the chain's to refuse. */
export function includeObjectOf(query: URLSearchParams): RequestOptions {
  const includeObject = query.get('includeObject')
  return includeObject
    ? { includeObject: includeObject as NonNullable<RequestOptions['includeObject']> }
    : none
}

/** Which objects of a collection are meant. */
export function selectionOptions(query: URLSearchParams): RequestOptions {
  const options: Writable<RequestOptions> = read(query, [
    'labelSelector',
    'fieldSelector',
    'resourceVersion',
    'continue',
  ])
  const match = query.get('resourceVersionMatch')
  if (match) options.resourceVersionMatch = match as 'Exact' | 'NotOlderThan'
  const limit = integerOf(query, 'limit')
  if (limit !== undefined) options.limit = limit
  return options
}

function listOptions(query: URLSearchParams): RequestOptions {
  const options: Writable<RequestOptions> = selectionOptions(query)
  const timeoutSeconds = integerOf(query, 'timeoutSeconds')
  if (timeoutSeconds !== undefined) options.timeoutSeconds = timeoutSeconds
  if (query.has('allowWatchBookmarks')) options.allowWatchBookmarks = isTrue(query.get('allowWatchBookmarks'))
  if (query.has('sendInitialEvents')) options.sendInitialEvents = isTrue(query.get('sendInitialEvents'))
  return options
}

function writeOptions(query: URLSearchParams): RequestOptions {
  const options: Writable<RequestOptions> = read(query, ['fieldManager'])
  if (query.has('dryRun')) options.dryRun = query.getAll('dryRun')
  const fieldValidation = query.get('fieldValidation')
  if (fieldValidation)
    options.fieldValidation = fieldValidation as NonNullable<RequestOptions['fieldValidation']>
  return options
}

function deleteOptions(query: URLSearchParams): RequestOptions {
  const options: Writable<RequestOptions> = {}
  if (query.has('dryRun')) options.dryRun = query.getAll('dryRun')
  const orphanDependents = query.has('orphanDependents') ? isTrue(query.get('orphanDependents')) : undefined
  const policy = propagationOf(query.get('propagationPolicy') || undefined, orphanDependents)
  if (policy !== undefined) options.propagationPolicy = policy
  const gracePeriodSeconds = integerOf(query, 'gracePeriodSeconds')
  if (gracePeriodSeconds !== undefined) options.gracePeriodSeconds = gracePeriodSeconds
  return options
}

type TextOption = 'resourceVersion' | 'labelSelector' | 'fieldSelector' | 'continue' | 'fieldManager'

function read(query: URLSearchParams, names: readonly TextOption[]): RequestOptions {
  const options: Writable<RequestOptions> = {}
  for (const name of names) {
    const value = query.get(name)
    if (value) options[name] = value
  }
  return options
}

/** An int64 with the errors of Go's `strconv.ParseInt`. */
function integerOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (!/^[+-]?[0-9]+$/.test(text)) throw newBadRequest(parseIntError(text, 'invalid syntax'))
  const value = BigInt(text.replace('+', ''))
  if (value !== BigInt.asIntN(64, value)) throw newBadRequest(parseIntError(text, 'value out of range'))
  return Number(value)
}

function parseIntError(text: string, problem: string): string {
  return `strconv.ParseInt: parsing ${JSON.stringify(text.slice(0, 100))}: ${problem}`
}
