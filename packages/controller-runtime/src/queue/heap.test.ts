import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Heap } from './heap.ts'

const values = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200, size: 'max' })
const changes = fc.array(
  fc.record({ index: fc.nat({ max: 199 }), value: fc.option(fc.integer({ min: 0, max: 50 })) }),
  { maxLength: 100, size: 'max' },
)

test('gives items by their order, also those that were moved, without those that were taken out', () => {
  fc.assert(
    fc.property(values, changes, (initial, steps) => {
      const heap = new Heap<{ value: number; heapIndex: number }>((a, b) => a.value < b.value)
      const items = initial.map((value) => ({ value, heapIndex: -1 }))
      for (const item of items) heap.push(item)
      for (const { index, value } of steps) {
        const item = items[index]
        if (item === undefined || item.heapIndex === -1) continue
        if (value === null) {
          heap.remove(item)
        } else {
          item.value = value
          heap.update(item)
        }
      }
      const left = items.filter((item) => item.heapIndex !== -1).map((item) => item.value)
      expect(heap.size).toBe(left.length)
      const taken: number[] = []
      for (let first = heap.first; first !== undefined; first = heap.first) {
        taken.push(first.value)
        heap.remove(first)
      }
      expect(taken).toEqual(left.sort((a, b) => a - b))
    }),
  )
})
