import { describe, expect, test } from 'vitest'
import {
  isCIdentifier,
  isConfigMapKey,
  isDNS1035Label,
  isDNS1123Label,
  isDNS1123Subdomain,
  isHTTPHeaderName,
  isQualifiedName,
  isValidLabelValue,
  isValidPathSegmentName,
  nameIsDNS1035Label,
  nameIsDNSLabel,
  nameIsDNSSubdomain,
  nameIsPathSegment,
} from './validation.ts'

const long = (length: number) => 'a'.repeat(length)

const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const dns1035 =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
const keyRule =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
const configKey =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"

const cases: [string, (text: string) => string[], [string, string[]][]][] = [
  [
    'DNS-1123 label',
    isDNS1123Label,
    [
      ['a', []],
      ['0-a', []],
      [long(63), []],
      ['', [label]],
      ['-a', [label]],
      ['a-', [label]],
      ['A', [label]],
      ['a_b', [label]],
      ['a\n', [label]],
      ['a.b', ['must not contain dots']],
      [long(64), ['must be no more than 63 characters']],
      [`${long(64)}_`, ['must be no more than 63 characters', label]],
    ],
  ],
  [
    'DNS-1123 subdomain',
    isDNS1123Subdomain,
    [
      ['a.b-c.0', []],
      [long(253), []],
      ['', [subdomain]],
      ['a..b', [subdomain]],
      ['.a', [subdomain]],
      ['a.-b', [subdomain]],
      ['a/b', [subdomain]],
      ['ä', [subdomain]],
      [long(254), ['must be no more than 253 characters']],
      ['ä'.repeat(127), ['must be no more than 253 characters', subdomain]],
    ],
  ],
  [
    'DNS-1035 label',
    isDNS1035Label,
    [
      ['a-0', []],
      ['0-a', [dns1035]],
      ['a.b', [dns1035]],
      [long(64), ['must be no more than 63 characters']],
    ],
  ],
  [
    'qualified name',
    isQualifiedName,
    [
      ['a', []],
      ['A_b.c-1', []],
      ['example.com/A', []],
      [`${long(253)}/${long(63)}`, []],
      ['', ['name part must be non-empty', `name part ${keyRule}`]],
      ['-a', [`name part ${keyRule}`]],
      ['a b', [`name part ${keyRule}`]],
      [long(64), ['name part must be no more than 63 bytes']],
      ['/a', ['prefix part must be non-empty']],
      ['a/', ['name part must be non-empty', `name part ${keyRule}`]],
      ['A/a', [`prefix part ${subdomain}`]],
      [`${long(254)}/a`, ['prefix part must be no more than 253 bytes']],
      [
        'a/b/c',
        [
          `a valid label key ${keyRule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
        ],
      ],
    ],
  ],
  [
    'label value',
    isValidLabelValue,
    [
      ['', []],
      ['A_b.c-1', []],
      [long(63), []],
      ['-', [valueRule]],
      ['a/b', [valueRule]],
      [long(64), ['must be no more than 63 bytes']],
      [`${long(64)} `, ['must be no more than 63 bytes', valueRule]],
    ],
  ],
  [
    'config map key',
    isConfigMapKey,
    [
      ['a.b_c-D', []],
      ['.a', []],
      ['.', ["must not be '.'"]],
      ['..', ["must not be '..'"]],
      ['..a', ["must not start with '..'"]],
      ['', [configKey]],
      ['a/b', [configKey]],
      [long(254), ['must be no more than 253 characters']],
    ],
  ],
  [
    'path segment',
    isValidPathSegmentName,
    [
      ['', []],
      ['system:a b', []],
      ['.', ["may not be '.'"]],
      ['..', ["may not be '..'"]],
      ['a/b', ["may not contain '/'"]],
      ['%2f/', ["may not contain '/'", "may not contain '%'"]],
    ],
  ],
  [
    'C identifier',
    isCIdentifier,
    [
      ['_a1', []],
      [
        '1a',
        [
          "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')",
        ],
      ],
    ],
  ],
  [
    'HTTP header name',
    isHTTPHeaderName,
    [
      ['X-A', []],
      [
        'X A',
        [
          "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
        ],
      ],
    ],
  ],
]

describe.each(cases)('as %s', (_, rule, texts) => {
  test.each(texts)('%j', (text, messages) => {
    expect(rule(text)).toEqual(messages)
  })
})

test('a prefix may end in a dash, a name may not', () => {
  for (const rule of [nameIsDNSSubdomain, nameIsDNSLabel, nameIsDNS1035Label]) {
    expect(rule('my-name-', true)).toEqual([])
    expect(rule('my-name-', false)).toHaveLength(1)
    expect(rule('-', true)).toHaveLength(1)
  }
})

test('a prefix of a path segment may be dots', () => {
  expect(nameIsPathSegment('..', true)).toEqual([])
  expect(nameIsPathSegment('..', false)).toEqual(["may not be '..'"])
  expect(nameIsPathSegment('a/', true)).toEqual(["may not contain '/'"])
})

test('the rules take linear time', () => {
  const start = performance.now()
  for (const text of [`${long(1e6)}!`, `${'a.'.repeat(5e5)}!`, `${'a-'.repeat(5e5)}`]) {
    expect(isDNS1123Subdomain(text)).toHaveLength(2)
    expect(isDNS1123Label(text)).toHaveLength(2)
    expect(isQualifiedName(text)).toHaveLength(2)
    expect(isValidLabelValue(text)).toHaveLength(2)
  }
  expect(performance.now() - start).toBeLessThan(5000)
})
