import fc from 'fast-check'

const word = fc.constantFrom(
  'a',
  'default',
  'configmaps',
  'v1',
  'é',
  '😀',
  '\u0000',
  '-',
  '9999999999999999999999',
)
export const hostileText = fc.oneof(
  word,
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '../',
    '%00',
    '%zz',
    '%',
    '%c3%28',
    '\\',
    '"',
    "'",
    '$',
    '<script>',
    'null',
    '[]',
    '{}',
    'true',
  ),
  fc.integer({ min: 1, max: 3000 }).map((length) => 'x'.repeat(length)),
)
