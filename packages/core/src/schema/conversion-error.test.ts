import { expect, test } from 'vitest'
import { builtinDefinitions } from '../builtin/index.ts'
import { conversionError } from './conversion-error.ts'

// What DefaultUnstructuredConverter of k8s.io/apimachinery 0.37 answers.
test.each<[kind: string, object: object, error: string | undefined]>([
  ['ConfigMap', { data: { a: 1 } }, 'cannot convert int64 to string'],
  ['ConfigMap', { data: { a: true } }, 'unrecognized type: string'],
  ['ConfigMap', { data: { a: [] } }, 'unrecognized type: string'],
  ['ConfigMap', { data: { a: 1.5 } }, 'unrecognized type: string'],
  ['ConfigMap', { data: [] }, 'cannot restore map from slice'],
  ['ConfigMap', { data: 'x' }, 'cannot restore map from string'],
  ['ConfigMap', { binaryData: { a: {} } }, 'cannot restore slice from map'],
  ['ConfigMap', { binaryData: { a: '?' } }, 'error decoding from json: illegal base64 data at input byte 0'],
  ['ConfigMap', { immutable: 1 }, 'unrecognized type: bool'],
  ['ConfigMap', { metadata: [] }, 'cannot restore struct from: slice'],
  ['ConfigMap', { metadata: { finalizers: {} } }, 'cannot restore slice from map'],
  ['ConfigMap', { metadata: { finalizers: [1] } }, 'cannot convert int64 to string'],
  ['ConfigMap', { metadata: { generation: 'x' } }, 'unrecognized type: int64'],
  ['ConfigMap', { metadata: { generation: 1.5 } }, 'cannot convert float64 to int64'],
  [
    'ConfigMap',
    { metadata: { creationTimestamp: 5 } },
    'json: cannot unmarshal number into Go value of type string',
  ],
  [
    'ConfigMap',
    { metadata: { creationTimestamp: 'x' } },
    'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
  ],
  ['ConfigMap', { kind: {} }, 'unrecognized type: string'],
  ['ServiceAccount', { secrets: ['x'] }, 'cannot restore struct from: string'],
  ['ServiceAccount', { secrets: [[]] }, 'cannot restore struct from: slice'],
  [
    'ResourceQuota',
    { spec: { hard: { pods: 'x' } } },
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
  ['Lease', { spec: { leaseDurationSeconds: 'x' } }, 'unrecognized type: int32'],
  ['Lease', { spec: { leaseDurationSeconds: 1.5 } }, 'cannot convert float64 to int32'],
  ['Lease', { spec: { leaseDurationSeconds: 5 }, metadata: null, unknown: [] }, undefined],
])('%s %j: %s', async (kind, object, error) => {
  const definition = builtinDefinitions.find((known) => known.kind === kind)!
  expect(conversionError(object, await definition.versions[0]!.struct!())).toBe(error)
})
