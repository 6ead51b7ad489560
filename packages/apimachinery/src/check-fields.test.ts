import { expect, test } from 'vitest'
import { checkFields } from './check-fields.ts'

interface Options {
  readonly every?: string
  readonly name?: string
}

const fields = { every: true, name: true } as const
const check = (options: object) => () => checkFields<Options>('wait', options, fields)

test('fields that options have are no mistake', () => {
  expect(check({ every: '1s' })).not.toThrow()
  expect(check({})).not.toThrow()
})

test.each(['evry', 'toString', '__proto__', 'a"b'])(
  'a field %s is told with those that there are',
  (name) => {
    const options = JSON.parse(`{"name":"a",${JSON.stringify(name)}:1}`) as object
    expect(check(options)).toThrow(
      new TypeError(`wait: unknown field ${JSON.stringify(name)}, expected one of every, name`),
    )
  },
)
