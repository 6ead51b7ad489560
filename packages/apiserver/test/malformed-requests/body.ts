import fc from 'fast-check'

const validObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: 'b' } }
const aliases = Array.from(
  { length: 30 },
  (_, index) =>
    `a${index}: &a${index} [${
      index === 0
        ? 'x'
        : Array(9)
            .fill(`*a${index - 1}`)
            .join(',')
    }]`,
).join('\n')
const jsonValue = fc.jsonValue({ maxDepth: 4 })

export const body = fc.oneof(
  { weight: 3, arbitrary: fc.constant(Buffer.from(JSON.stringify(validObject))) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          'apiVersion',
          'kind',
          'metadata',
          'data',
          'binaryData',
          'immutable',
          'status',
          '__proto__',
        ),
        jsonValue,
      )
      .map(([field, value]) =>
        Buffer.from(
          JSON.stringify(validObject).replace('{', `{${JSON.stringify(field)}:${JSON.stringify(value)},`),
        ),
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          'name',
          'namespace',
          'labels',
          'finalizers',
          'ownerReferences',
          'managedFields',
          'uid',
          'resourceVersion',
          'creationTimestamp',
          'generateName',
        ),
        jsonValue,
      )
      .map(([field, value]) =>
        Buffer.from(JSON.stringify({ ...validObject, metadata: { name: 'a', [field]: value } })),
      ),
  },
  { weight: 2, arbitrary: jsonValue.map((value) => Buffer.from(JSON.stringify(value))) },
  {
    weight: 1,
    arbitrary: fc
      .array(
        fc.record({
          op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'x'),
          path: fc.constantFrom(
            '',
            '/',
            '/data/a',
            '/metadata/name',
            '/data/-',
            '/~2',
            'a',
            '/__proto__/a',
            '/metadata/labels/0',
          ),
          from: fc.constantFrom('', '/data', '/x'),
          value: jsonValue,
        }),
        { maxLength: 4 },
      )
      .map((patch) => Buffer.from(JSON.stringify(patch))),
  },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.concat([Buffer.from('k8s\0'), bytes])),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        '',
        '{',
        '[',
        '"',
        '{}',
        '[]',
        'null',
        '1',
        '"a"',
        'tru',
        '{"a":1}{"b":2}',
        '{"a":',
        '\ufeff{}',
        '{"a":1,"a":2}',
        '[',
        '--- a\n--- b',
        'a: [',
        'a: &a [*a]',
        '*unknown',
        '!!js/function a',
        'a: !!binary zz',
        '? a\n: b',
        '\t',
        '%YAML 9.9',
      )
      .map((text) => Buffer.from(text)),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        '['.repeat(20_000),
        '{"a":'.repeat(20_000),
        `${'['.repeat(5000)}${']'.repeat(5000)}`,
        `{"metadata":${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}}`,
        aliases,
        `${'- '.repeat(3000)}a`,
        `{${'"a":1,'.repeat(20_000)}"b":2}`,
        '1'.repeat(50_000),
        `"${'\\u0041'.repeat(20_000)}"`,
        '"\ud800"',
        `a: ${'{b: '.repeat(2000)}`,
      )
      .map((text) => Buffer.from(text)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      Buffer.from([0x22, 0xff, 0xfe, 0x22]),
      Buffer.from('c328', 'hex'),
      Buffer.from('efbbbf7b7d', 'hex'),
    ),
  },
)
