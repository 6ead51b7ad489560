import {
  fieldError,
  newBadRequest,
  newInternalError,
  newInvalid,
  newNotFound,
  newNotImplemented,
  newUnauthorized,
  StatusError,
} from '@k1s/apimachinery'
import { expect, test } from 'vitest'
import { BrokenPipeError } from '../streams/io-streams.ts'
import { MemoryOutput } from '../streams/memory-streams.ts'
import { aggregate } from './aggregate.ts'
import { checkErr, formatError } from './check-err.ts'
import { addSourceToError } from './source.ts'
import { ExitError, UsageError } from './usage-error.ts'

const configmaps = { group: '', resource: 'configmaps' }
const kind = { group: 'inventory.k1s.dev', kind: 'Item' }
const negative = fieldError.invalid('spec.quantity', -1, 'must be positive')

test.each<[string, unknown, string]>([
  ['a StatusError', newNotFound(configmaps, 'x'), 'Error from server (NotFound): configmaps "x" not found'],
  ['one without a reason', newNotImplemented('no such thing'), 'Error from server: no such thing'],
  ['Unauthorized', newUnauthorized('no token'), 'error: You must be logged in to the server (no token)'],
  ['an ordinary error', new Error('no such file'), 'error: no such file'],
  ['a message that says error already', new Error('error: no such file'), 'error: no such file'],
  ['a thrown string', 'oops', 'error: oops'],
  [
    'a usage error',
    new UsageError('unknown flag: --wat', 'k1s get'),
    "error: unknown flag: --wat\nSee 'k1s get -h' for help and examples",
  ],
  [
    'one violation',
    newInvalid(kind, 'x', [negative]),
    'The Item "x" is invalid: spec.quantity: Invalid value: -1: must be positive',
  ],
  [
    'several violations, each once',
    newInvalid(kind, 'x', [negative, fieldError.required('spec.name'), negative]),
    'The Item "x" is invalid: \n* spec.quantity: Invalid value: -1: must be positive\n* spec.name: Required value',
  ],
  [
    'Invalid without details',
    new StatusError({ code: 422, reason: 'Invalid', message: 'bad' }),
    'The request is invalid: bad',
  ],
  [
    'several errors, one line each',
    aggregate([new Error('a'), new AggregateError([newBadRequest('b')])]),
    'a\nError from server (BadRequest): b',
  ],
  ['an aggregate of one', new AggregateError([new Error('a')]), 'error: a'],
])('%s', (_, error, message) => {
  expect(formatError(error)).toEqual({ message, exitCode: 1 })
})

test('an exit says nothing, and neither does a reader that went away', () => {
  expect(formatError(new ExitError(3))).toEqual({ message: '', exitCode: 3 })
  expect(formatError(new AggregateError([new Error('a'), new BrokenPipeError()]))).toEqual({
    message: '',
    exitCode: 141,
  })
})

test('the source of an object is added without losing the reason', () => {
  const error = addSourceToError('creating', 'f.yaml', newInternalError('x'))
  expect(formatError(error).message).toBe(
    'Error from server (InternalError): error when creating "f.yaml": Internal error occurred: x',
  )
  expect(addSourceToError('creating', '', new Error('x')).message).toBe('x')
})

test('colour is used only where it is welcome', () => {
  const plain = new MemoryOutput()
  const terminal = new MemoryOutput({ color: true })
  expect([checkErr(new Error('x'), plain), checkErr(new Error('x'), terminal)]).toEqual([1, 1])
  expect([plain.text, terminal.text]).toEqual(['error: x\n', '\u001b[31;1merror:\u001b[0m x\n'])
})
