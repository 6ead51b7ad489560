import { describe, expect, test } from 'vitest'
import { requestOptionsOf } from './request-options.ts'

const optionsOf = (verb: Parameters<typeof requestOptionsOf>[0], query: string) =>
  requestOptionsOf(verb, new URLSearchParams(query))

describe('the query of', () => {
  test('a list has selectors, pages and versions', () => {
    const query =
      'labelSelector=a%3Db&fieldSelector=metadata.name%3Dx&limit=5&continue=t&resourceVersion=3&resourceVersionMatch=Exact&timeoutSeconds=7'
    expect(optionsOf('list', query)).toEqual({
      labelSelector: 'a=b',
      fieldSelector: 'metadata.name=x',
      limit: 5,
      continue: 't',
      resourceVersion: '3',
      resourceVersionMatch: 'Exact',
      timeoutSeconds: 7,
    })
  })

  test('a watch has bookmarks and initial events', () => {
    expect(optionsOf('watch', 'watch=1&allowWatchBookmarks=true&sendInitialEvents=false')).toEqual({
      allowWatchBookmarks: true,
      sendInitialEvents: false,
    })
  })

  test('a write has dry run, manager and validation', () => {
    const query = 'dryRun=All&fieldManager=me&fieldValidation=Strict&pretty=true'
    const options = { dryRun: ['All'], fieldManager: 'me', fieldValidation: 'Strict' }
    expect(optionsOf('create', query)).toEqual(options)
    expect(optionsOf('update', query)).toEqual(options)
    expect(optionsOf('patch', `${query}&force=true`)).toEqual({ ...options, force: true })
  })

  test('a deletion has what becomes of dependents', () => {
    expect(optionsOf('delete', 'propagationPolicy=Foreground&gracePeriodSeconds=0&dryRun=All')).toEqual({
      propagationPolicy: 'Foreground',
      gracePeriodSeconds: 0,
      dryRun: ['All'],
    })
    expect(optionsOf('delete', 'orphanDependents=true')).toEqual({ propagationPolicy: 'Orphan' })
    expect(optionsOf('deletecollection', 'orphanDependents=false&labelSelector=a')).toEqual({
      propagationPolicy: 'Background',
      labelSelector: 'a',
    })
  })

  test('an empty value is no value', () => {
    expect(optionsOf('list', 'labelSelector=&resourceVersion=&continue=')).toEqual({})
    expect(optionsOf('create', 'fieldManager=&fieldValidation=')).toEqual({})
  })
})

describe('a query is refused when', () => {
  test.each([
    ['limit=many', 'strconv.ParseInt: parsing "many": invalid syntax'],
    ['limit=', 'strconv.ParseInt: parsing "": invalid syntax'],
    ['limit=99999999999999999999', 'strconv.ParseInt: parsing "99999999999999999999": value out of range'],
    ['timeoutSeconds=1.5', 'strconv.ParseInt: parsing "1.5": invalid syntax'],
  ])('%s', (query, message) => {
    expect(() => optionsOf('list', query)).toThrow(message)
  })

  test('it says twice what becomes of dependents', () => {
    expect(() => optionsOf('delete', 'orphanDependents=true&propagationPolicy=Orphan')).toThrow(
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
    )
  })
})
