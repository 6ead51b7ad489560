import { MemoryOutput } from '@k1s/cli-runtime'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ProgressLine } from './progress-line.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function shown(
  options: { isTTY: boolean; width?: number; quiet?: boolean },
  total: number | undefined = 2000,
) {
  const err = new MemoryOutput(options)
  const progress = new ProgressLine(err, 'imported', options.quiet ?? false)
  progress.show({ done: 1, total, label: 'ConfigMap' })
  vi.advanceTimersByTime(200)
  progress.show({ done: 1234, total, label: 'ConfigMap' })
  progress.show({ done: 1235, total, label: 'ConfigMap' })
  vi.advanceTimersByTime(10_000)
  progress.show({ done: 2000, total, label: 'Item.inventory.k1s.dev' })
  progress.clear()
  progress.clear()
  return err.text
}

test('on a terminal a bar is drawn over itself, and goes away', () => {
  const bar = `[${'#'.repeat(24)}${' '.repeat(16)}]`
  expect(shown({ isTTY: true, width: 100 })).toBe(
    `\r\u001b[K${bar}  61% 1,234/2,000 ConfigMap\r\u001b[K[${'#'.repeat(40)}] 100% 2,000/2,000 Item.inventory.k1s.dev\r\u001b[K`,
  )
})

test('a terminal that is narrow, or a total that nobody knows, leaves figures', () => {
  expect(shown({ isTTY: true, width: 30 })).toContain('\r\u001b[K 61% 1,234/2,000 ConfigMap\r')
  const unknown = new MemoryOutput({ isTTY: true })
  const progress = new ProgressLine(unknown, 'exported', false)
  vi.advanceTimersByTime(200)
  progress.show({ done: 1234, total: undefined, label: 'items' })
  expect(unknown.text).toBe('\r\u001b[K1,234 items')
})

test('elsewhere there is a line every ten seconds, and none of short commands', () => {
  expect(shown({ isTTY: false })).toBe('imported 2,000 of 2,000 objects\n')
})

test('nothing is said if that is wanted', () => {
  expect(shown({ isTTY: true, quiet: true })).toBe('')
})
