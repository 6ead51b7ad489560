import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  formatLabelSelector,
  formatLabels,
  labelSelectorAsMatcher,
  parseLabelSelector,
  parseLabelSelectorObject,
} from './labels.ts'
import type { LabelSelector } from './meta.ts'

const name = fc.stringMatching(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,20}[A-Za-z0-9])?$/)
const prefix = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,10}[a-z0-9])?(\.[a-z0-9]{1,5}){0,2}$/)
const key = fc.oneof(
  name,
  fc.tuple(prefix, name).map((parts) => parts.join('/')),
  fc.constant('in'),
)
const value = fc.oneof(name, fc.constant(''), fc.constantFrom('in', 'notin', '1', '22'))
const values = fc.array(value, { minLength: 1, maxLength: 4 })
const requirement = fc.oneof(
  key,
  key.map((k) => `!${k}`),
  fc.tuple(key, fc.constantFrom('=', '==', '!='), value).map((parts) => parts.join('')),
  fc.tuple(key, fc.constantFrom('<', '>'), fc.integer({ min: 0 })).map((parts) => parts.join(' ')),
  fc
    .tuple(key, fc.constantFrom('in', 'notin'), values)
    .map(([k, op, vs]) => `${k} ${op} ( ${vs.join(' , ')})`),
)
const selector = fc.array(requirement, { maxLength: 5 }).map((parts) => parts.join(' , '))
const labels = fc.dictionary(key, value, { maxKeys: 5 })

describe('parsing', () => {
  test.each([
    ['', ''],
    ['  ', ''],
    ['x=a,y=b,z=c', 'x=a,y=b,z=c'],
    ['x!=a,y=b', 'x!=a,y=b'],
    ['x=', 'x='],
    ['x= ,z= ', 'x=,z='],
    ['!x', '!x'],
    ['x>1,z<5', 'x>1,z<5'],
    ['y == b , x = a', 'x=a,y==b'],
    ['x in (foo,,baz),y,z notin ()', 'x in (,baz,foo),y,z notin ()'],
    ['x in (b,a,b)', 'x in (a,b)'],
    ['x in (,)', 'x in ()'],
    ['x in(a)', 'x in (a)'],
    ['in in (in,notin),notin=in', 'in in (in,notin),notin=in'],
    ['example.com/x\tnotin\n(a)', 'example.com/x notin (a)'],
  ])('%j has the canonical text %j', (text, canonical) => {
    expect(parseLabelSelector(text).toString()).toBe(canonical)
  })

  const operators = 'in, notin, =, ==, !=, gt, lt'
  const keyRule =
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
  const valueRule =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

  test.each([
    [',', "found ',', expected: !, identifier, or 'end of string'"],
    ['=a', "found '=', expected: !, identifier, or 'end of string'"],
    ['x,', "found '', expected: identifier after ','"],
    ['x,,y', "found ',', expected: identifier after ','"],
    ['x=a b', "found 'b', expected: ',' or 'end of string'"],
    ['x==a==b', "found '==', expected: ',' or 'end of string'"],
    ['!x=a', "found '=', expected: ',' or 'end of string'"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    ['!!x', "unable to parse requirement: found '!', expected: identifier"],
    ['x y', `unable to parse requirement: found 'y', expected: ${operators}`],
    ['x exists', `unable to parse requirement: found 'exists', expected: ${operators}`],
    ['x (', `unable to parse requirement: found '(', expected: ${operators}`],
    ['x=(', "unable to parse requirement: found '(', expected: identifier"],
    ['x===a', "unable to parse requirement: found '=', expected: identifier"],
    ['x in', "unable to parse requirement: found '' expected: '('"],
    ['x in a', "unable to parse requirement: found 'a' expected: '('"],
    ['x in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
    ['x in (=', "unable to parse requirement: found '=', expected: ',', ')' or identifier"],
    ['x in (a', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['x in (a b)', "unable to parse requirement: found 'b', expected: ',' or ')'"],
    ['x in (a,', "unable to parse requirement: found '', expected: ',', or identifier"],
    ['x in (,', "unable to parse requirement: found '', expected: ',', or identifier"],
    ['x=a||y=b', `unable to parse requirement: values[0][x]: Invalid value: "a||y": ${valueRule}`],
    ['-x', `unable to parse requirement: <nil>: Invalid value: "-x": ${keyRule}`],
    ['x\0y', `unable to parse requirement: <nil>: Invalid value: "x\\x00y": ${keyRule}`],
    ['x=-a', `unable to parse requirement: values[0][x]: Invalid value: "-a": ${valueRule}`],
    ['x in (a,b!)', "unable to parse requirement: found '!', expected: ',' or ')'"],
    [
      'x in (*,a,~)',
      `unable to parse requirement: [values[0][x]: Invalid value: "*": ${valueRule}, values[2][x]: Invalid value: "~": ${valueRule}]`,
    ],
    [
      'x<a',
      "unable to parse requirement: values[0]: Invalid value: \"a\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
    [
      'x>9223372036854775808',
      "unable to parse requirement: values[0]: Invalid value: \"9223372036854775808\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
  ])('%j is refused in the words of Kubernetes', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(new Error(message))
  })

  test('the order of requirements does not matter', () => {
    expect(parseLabelSelector('x=a,a=x').toString()).toBe(parseLabelSelector('a=x,x=a').toString())
  })

  test('requirements are exposed with key, operator and sorted values', () => {
    const { requirements } = parseLabelSelector('b in (y,x),a')
    expect(requirements.map(({ key, operator, values }) => ({ key, operator, values }))).toEqual([
      { key: 'a', operator: 'exists', values: [] },
      { key: 'b', operator: 'in', values: ['x', 'y'] },
    ])
  })

  test('the canonical text parses to a selector with the same text that matches the same labels', () => {
    fc.assert(
      fc.property(selector, labels, (text, set) => {
        const parsed = parseLabelSelector(text)
        const again = parseLabelSelector(parsed.toString())
        expect(again.toString()).toBe(parsed.toString())
        expect(again.matches(set)).toBe(parsed.matches(set))
      }),
    )
  })

  test('any text either parses or is refused with an Error', () => {
    const text = fc.array(
      fc.constantFrom('x', 'in', 'notin', '=', '!', '(', ')', ',', ' ', '>', '1', '\0', 'é'),
    )
    fc.assert(
      fc.property(text, (parts) => {
        try {
          parseLabelSelector(parts.join(''))
        } catch (error) {
          expect((error as Error).message).toMatch(/expected: |Invalid value: /)
        }
      }),
    )
  })
})

describe('matching', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['', { x: 'y' }, true],
    ['x=y', { x: 'y' }, true],
    ['x==y', { x: 'y' }, true],
    ['x=y', { x: 'z' }, false],
    ['x=z', {}, false],
    ['x=', {}, false],
    ['x=', { x: '' }, true],
    ['x=y,z=w', { x: 'y', z: 'w' }, true],
    ['x=y,z=w', { x: 'w', z: 'w' }, false],
    ['x!=y,z!=w', { x: 'z' }, true],
    ['x!=y', { x: 'y' }, false],
    ['notin=in', { notin: 'in' }, true],
    ['x', { x: 'z' }, true],
    ['x', { y: 'z' }, false],
    ['!x', { y: 'z' }, true],
    ['!x', { x: 'z' }, false],
    ['x in (a,b)', { x: 'b' }, true],
    ['x in (a,b)', { x: 'c' }, false],
    ['x in (a)', {}, false],
    ['x notin (a,b)', { x: 'b' }, false],
    ['x notin (a,b)', { x: 'c' }, true],
    ['x notin (a,b)', {}, true],
    ['x notin ()', { x: '' }, false],
    ['x>1', { x: '2' }, true],
    ['x>1', { x: '1' }, false],
    ['x>1', {}, false],
    ['x>1', { x: 'many' }, false],
    ['x<1', { x: '0' }, true],
    ['x<9223372036854775807', { x: '9223372036854775806' }, true],
  ])('%j and %o: %s', (text, set, expected) => {
    expect(parseLabelSelector(text).matches(set)).toBe(expected)
  })

  test('what objects inherit is no label', () => {
    expect(parseLabelSelector('constructor').matches({})).toBe(false)
    expect(parseLabelSelector('!toString').matches({})).toBe(true)
    expect(parseLabelSelector('valueOf!=x').matches({})).toBe(true)
  })

  test('an object without labels matches as one with none', () => {
    expect(parseLabelSelector('!x').matches(undefined)).toBe(true)
    expect(parseLabelSelector('x').matches(undefined)).toBe(false)
  })

  test('in and notin are opposites where the label is there', () => {
    fc.assert(
      fc.property(key, values, value, (k, vs, v) => {
        const inside = parseLabelSelector(`${k} in (${vs.join(',')})`)
        const outside = parseLabelSelector(`${k} notin (${vs.join(',')})`)
        expect(inside.matches({ [k]: v })).toBe(vs.includes(v))
        expect(outside.matches({ [k]: v })).toBe(!vs.includes(v))
      }),
    )
  })
})

test('a selector is empty if it restricts nothing', () => {
  expect(parseLabelSelector('').empty).toBe(true)
  expect(parseLabelSelector('x').empty).toBe(false)
  expect(labelSelectorAsMatcher({}).empty).toBe(true)
  expect(labelSelectorAsMatcher(undefined).empty).toBe(false)
})

test('a selector tells the one value that it requires of a label', () => {
  const matcher = parseLabelSelector('a=1,b in (2),c in (3,4),d!=5,e')
  expect(['a', 'b', 'c', 'd', 'e', 'f'].map((k) => matcher.requiresExactMatch(k))).toEqual([
    '1',
    '2',
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

describe('the API type LabelSelector', () => {
  test('absent matches nothing, empty matches everything', () => {
    expect(labelSelectorAsMatcher(undefined).matches({ a: 'b' })).toBe(false)
    expect(labelSelectorAsMatcher(null).selectsNothing).toBe(true)
    expect(labelSelectorAsMatcher({}).matches({ a: 'b' })).toBe(true)
  })

  test.each<[LabelSelector | undefined, string]>([
    [undefined, '<none>'],
    [{}, '<none>'],
    [{ matchLabels: { b: '2', a: '1' } }, 'a=1,b=2'],
    [
      {
        matchLabels: { foo: 'bar' },
        matchExpressions: [
          { key: 'baz', operator: 'In', values: ['qux', 'norf'] },
          { key: 'a', operator: 'NotIn', values: ['x'] },
          { key: 'b', operator: 'Exists' },
          { key: 'c', operator: 'DoesNotExist', values: [] },
        ],
      },
      'a notin (x),b,baz in (norf,qux),!c,foo=bar',
    ],
    [{ matchLabels: { '-': 'x' } }, '<error>'],
  ])('%o is formatted as %s', (object, text) => {
    expect(formatLabelSelector(object)).toBe(text)
  })

  test('is refused in the words of Kubernetes', () => {
    expect(() => labelSelectorAsMatcher({ matchExpressions: [{ key: 'a', operator: 'In' }] })).toThrow(
      "values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty",
    )
    expect(() =>
      labelSelectorAsMatcher({ matchExpressions: [{ key: 'a', operator: 'Exists', values: ['x'] }] }),
    ).toThrow('values: Invalid value: ["x"]: values set must be empty for exists and does not exist')
    const unknown = { matchExpressions: [{ key: 'a', operator: 'Like' }] } as unknown as LabelSelector
    expect(() => labelSelectorAsMatcher(unknown)).toThrow('"Like" is not a valid label selector operator')
  })

  test('is parsed from a text', () => {
    expect(parseLabelSelectorObject('a=1,b==2,c in (x,y),d notin (z),e,!f')).toEqual({
      matchLabels: { a: '1', b: '2' },
      matchExpressions: [
        { key: 'c', operator: 'In', values: ['x', 'y'] },
        { key: 'd', operator: 'NotIn', values: ['z'] },
        { key: 'e', operator: 'Exists' },
        { key: 'f', operator: 'DoesNotExist' },
      ],
    })
    expect(parseLabelSelectorObject('')).toEqual({})
  })

  test('has no place for comparisons and !=', () => {
    expect(() => parseLabelSelectorObject('a>1')).toThrow('"gt" isn\'t supported in label selectors')
    expect(() => parseLabelSelectorObject('a!=1')).toThrow('"!=" is not a valid label selector operator')
    expect(() => parseLabelSelectorObject('a,')).toThrow(
      "couldn't parse the selector string \"a,\": found '', expected: identifier after ','",
    )
  })

  test('matches what its text matches', () => {
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 3 }), labels, (matchLabels, set) => {
        const matcher = labelSelectorAsMatcher({ matchLabels })
        expect(parseLabelSelector(matcher.toString()).matches(set)).toBe(matcher.matches(set))
      }),
    )
  })
})

test('labels are formatted sorted, or as <none>', () => {
  expect(formatLabels({ b: '2', a: '1' })).toBe('a=1,b=2')
  expect(formatLabels({})).toBe('<none>')
  expect(formatLabels(undefined)).toBe('<none>')
})
