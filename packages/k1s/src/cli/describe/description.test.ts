import type { Unstructured } from '@k1s/apimachinery'
import { describe, expect, test } from 'vitest'
import { describeEvents } from './describe-events.ts'
import { describeGeneric } from './describe-generic.ts'
import { Description, describeMetadata } from './description.ts'

async function textOf(write: (description: Description) => Promise<void>): Promise<string> {
  const description = new Description()
  await write(description)
  return description.toString()
}

function text(write: (description: Description) => void): string {
  const description = new Description()
  write(description)
  return description.toString()
}

const object = (fields: object): Unstructured =>
  ({
    apiVersion: 'v1',
    kind: 'Test',
    metadata: { name: 'x', namespace: 'default' },
    ...fields,
  }) as Unstructured

describe('a description', () => {
  test('puts long and multi-line annotations below their key, cut off, and leaves out what was applied', () => {
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': '{}',
      long: 'y'.repeat(200),
      lines: 'one\ntwo\n',
      short: 'z',
    }
    expect(text((d) => describeMetadata(d, object({ metadata: { name: 'x', annotations } }), false))).toBe(
      [
        'Name:         x',
        'Labels:       <none>',
        'Annotations:  lines:',
        '                one',
        '                two',
        '              long:',
        `                ${'y'.repeat(138)}...`,
        '              short: z',
        '',
      ].join('\n'),
    )
  })

  // After TestDescribeUnstructuredContent of k8s.io/kubectl/pkg/describe/describe_test.go.
  test('shows all fields of any object, in order and with titles', () => {
    const shown = text((d) =>
      describeGeneric(
        d,
        object({
          dummyDummy: 'present',
          'dummy/dummy': true,
          items: [{ itemBool: true, itemInt: 42 }, 'plain', 1.5],
          url: 'http://localhost',
          nothing: null,
        }),
      ),
    )
    expect(shown.split('\n').slice(4)).toEqual([
      'API Version:  v1',
      'dummy/dummy:  true',
      'Dummy Dummy:  present',
      'Items:',
      '  Item Bool:  true',
      '  Item Int:   42',
      '  plain',
      '  1.5',
      'Kind:  Test',
      'Metadata:',
      'Nothing:  <nil>',
      'URL:      http://localhost',
      '',
    ])
  })

  test('lists events from the oldest to the newest, with how often they happened', async () => {
    const now = Date.parse('2026-01-01T12:00:00Z')
    const event = (fields: object) => object({ type: 'Normal', message: ' text ', ...fields })
    expect(
      await textOf((d) =>
        describeEvents(
          d,
          [
            event({
              reason: 'B',
              count: 4,
              firstTimestamp: '2026-01-01T11:00:00Z',
              lastTimestamp: '2026-01-01T11:59:00Z',
            }),
            event({
              reason: 'A',
              firstTimestamp: '2026-01-01T11:50:00Z',
              lastTimestamp: '2026-01-01T11:50:00Z',
              source: { component: 'clerk' },
              involvedObject: { fieldPath: 'spec.a' },
            }),
            event({
              reason: 'C',
              eventTime: '2026-01-01T11:58:00.000000Z',
              reportingComponent: 'bell',
              lastTimestamp: '2026-01-01T11:59:30Z',
              series: { count: 2, lastObservedTime: '2026-01-01T11:59:30.000000Z' },
            }),
            event({ reason: 'D', lastTimestamp: '2026-01-01T11:59:59Z' }),
          ],
          now,
        ),
      ),
    ).toBe(`Events:
  Type    Reason  Age                From   Message
  ----    ------  ----               ----   -------
  Normal  A       10m                clerk  spec.a: text
  Normal  B       60s (x4 over 60m)         text
  Normal  C       30s (x2 over 2m)   bell   text
  Normal  D       <unknown>                 text
`)
  })

  test('says so when there are no events', async () => {
    expect(await textOf((d) => describeEvents(d, []))).toBe('Events:  <none>\n')
  })
})
