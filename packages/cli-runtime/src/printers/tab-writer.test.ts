import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MemoryOutput } from '../streams/memory-streams.ts'
import { TabWriter, type TabWriterOptions } from './tab-writer.ts'

function align(text: string, options?: TabWriterOptions): string {
  const out = new MemoryOutput()
  const writer = new TabWriter(out, options)
  writer.write(text)
  writer.flush()
  return out.text
}

test('columns are as wide as their widest cell and three spaces, six at least', () => {
  expect(align('NAME\tAGE\nlaptop\t5m\nx\t3d4h\n')).toBe('NAME     AGE\nlaptop   5m\nx        3d4h\n')
  expect(align('A\tB\nx\ty\n')).toBe('A     B\nx     y\n')
})

test('the last cell of a line is not padded, an empty cell before it is', () => {
  expect(align('A\tB\tC\nx\t\tz\n')).toBe('A     B     C\nx           z\n')
})

test('a column ends where a line does not have it', () => {
  const text = 'aaaa\tbbb\td\naa\tb\tdd\na\t\naa\tcccc\teee\n'
  expect(align(text, { minWidth: 0, padding: 1 })).toBe('aaaa bbb d\naa   b   dd\na    \naa   cccc eee\n')
})

test('characters count, not bytes or UTF-16 units', () => {
  expect(align('é😀\tx\nab\ty\n', { minWidth: 0, padding: 1 })).toBe('é😀 x\nab y\n')
})

test('widths are remembered from one flush to the next until they are forgotten', () => {
  const out = new MemoryOutput()
  const writer = new TabWriter(out)
  for (const line of ['a-long-name\tx\n', 'b\ty\n']) {
    writer.write(line)
    writer.flush()
  }
  writer.forgetWidths()
  writer.write('c\tz\n')
  writer.flush()
  expect(out.text).toBe('a-long-name   x\nb             y\nc     z\n')
})

test('a line that is not finished is written as it is', () => {
  expect(align('a\tb')).toBe('a     b')
})

test('writing in pieces or in cells changes nothing', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '-') })
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 })), fc.nat(), (rows, cut) => {
      const text = rows.map((cells) => `${cells.join('\t')}\n`).join('')
      const whole = align(text)
      const out = new MemoryOutput()
      const pieces = new TabWriter(out)
      pieces.write(text.slice(0, cut % (text.length + 1)))
      pieces.write(text.slice(cut % (text.length + 1)))
      pieces.flush()
      const byCells = new MemoryOutput()
      const writer = new TabWriter(byCells)
      for (const cells of rows) writer.writeCells(cells)
      writer.flush()
      expect([out.text, byCells.text]).toEqual([whole, whole])
    }),
  )
})
