import type { Unstructured } from '@k1s/apimachinery'
import type { Table } from '@k1s/core'
import { expect, test } from 'vitest'
import { configMap, item, tableOf } from '../../test/fake-transport.ts'
import { MemoryOutput } from '../streams/memory-streams.ts'
import type { Printable, TableOptions } from './printer.ts'
import { TabWriter } from './tab-writer.ts'
import { TablePrinter } from './table-printer.ts'

const now = () => Date.parse('2026-01-02T00:00:00Z')

function aged(object: Unstructured, creationTimestamp: string): Unstructured {
  return { ...object, metadata: { ...object.metadata, creationTimestamp } }
}

const laptop = aged(item('laptop', { brand: 'dell' }), '2026-01-01T23:55:00Z')
const phone = aged(
  {
    ...item('phone', {}, 'shop'),
    metadata: { name: 'phone', namespace: 'shop', labels: { 'x.dev/tier': '1', a: 'b' } },
  },
  '2025-12-30T20:00:00Z',
)

function print(objects: Printable[], options: TableOptions = {}): string {
  const out = new MemoryOutput()
  const printer = new TablePrinter({ now, ...options })
  for (const object of objects) printer.print(object, out)
  return out.text
}

test('shows columns of priority 0, ages in place of dates, and <unknown> for no date', () => {
  expect(print([tableOf([laptop, phone, item('new')])])).toBe(
    'NAME     AGE\nlaptop   5m\nphone    2d4h\nnew      <unknown>\n',
  )
})

test('wide shows every column, and nothing for null', () => {
  expect(print([tableOf([laptop, phone])], { wide: true })).toBe(
    'NAME     BRAND   AGE\nlaptop   dell    5m\nphone            2d4h\n',
  )
})

test('namespaces come first, labels last', () => {
  const options = { withNamespace: true, columnLabels: ['x.dev/tier'], showLabels: true }
  expect(print([tableOf([laptop, phone])], options)).toBe(
    [
      'NAMESPACE   NAME     AGE    TIER   LABELS',
      'default     laptop   5m            <none>',
      'shop        phone    2d4h   1      a=b,x.dev/tier=1',
      '',
    ].join('\n'),
  )
})

test('names take the kind as a prefix when it is asked for', () => {
  expect(print([tableOf([laptop])], { withKind: { group: 'inventory.k1s.dev', kind: 'Item' } })).toBe(
    'NAME                            AGE\nitem.inventory.k1s.dev/laptop   5m\n',
  )
})

test('headers are left out on demand and otherwise printed once for the same columns', () => {
  expect(print([tableOf([laptop])], { noHeaders: true })).toBe('laptop   5m\n')
  expect(print([tableOf([laptop]), tableOf([phone])])).toBe('NAME     AGE\nlaptop   5m\nphone   2d4h\n')
})

test('a table without columns, as watch events bring it, has those of the table before', () => {
  const later: Table = { ...tableOf([phone]), columnDefinitions: [] }
  const out = new MemoryOutput()
  const writer = new TabWriter(out)
  const printer = new TablePrinter({ now })
  for (const table of [tableOf([laptop]), later]) {
    printer.print(table, writer)
    writer.flush()
  }
  expect(out.text).toBe('NAME     AGE\nlaptop   5m\nphone    2d4h\n')
})

test('a table without rows prints nothing, not even headers', () => {
  expect(print([tableOf([])])).toBe('')
})

test('watch events have a column of their own', () => {
  const out = new MemoryOutput()
  new TablePrinter({ now }).print(tableOf([laptop]), out, 'ADDED')
  expect(out.text).toBe('EVENT      NAME     AGE\nADDED      laptop   5m\n')
})

test('what could command a terminal is made visible, and line breaks cut a cell', () => {
  const evil = { ...tableOf([laptop]), rows: [{ cells: ['a\u001b[31mb', null, 'x'], object: laptop }] }
  const long = { ...tableOf([laptop]), rows: [{ cells: ['one\ntwo', null, 'x'], object: laptop }] }
  expect(print([evil])).toContain('a^[[31mb')
  expect(print([long])).toContain('one...')
})

test('numbers, booleans and structures are written as Go writes them', () => {
  const rows = [12, 1.5, 1234567.5, true, { b: [1, 'x'], a: null }].map((value) => ({
    cells: [value, null, 'x'],
    object: laptop,
  }))
  const lines = print([{ ...tableOf([]), rows }], { noHeaders: true }).split('\n')
  expect(lines.map((line) => line.split(/ {2,}/)[0])).toEqual([
    '12',
    '1.5',
    '1.2345675e+06',
    'true',
    'map[a:<nil> b:[1 x]]',
    '',
  ])
})

test('objects that are no table show name and age, a Status its text', () => {
  expect(print([aged(configMap('a'), '2026-01-01T00:00:00Z')])).toBe('NAME   AGE\na      24h\n')
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    reason: 'Expired',
    message: 'old',
  } as const
  expect(print([status])).toBe('STATUS    REASON    MESSAGE\nFailure   Expired   old\n')
})
