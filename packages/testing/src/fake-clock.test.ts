import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { sleep } from '@k1s/apimachinery'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FakeClock } from './fake-clock.ts'

describe('a fake clock', () => {
  test('stands still until it is advanced', async () => {
    const clock = new FakeClock(1000)
    await nextTurn()
    expect(clock.now()).toBe(1000)
    await clock.advance(500)
    expect(clock.now()).toBe(1500)
  })

  test('waits for what a timer reads from files', async () => {
    const clock = new FakeClock(0)
    const read: number[] = []
    clock.setTimer(async () => {
      for (let count = 0; count < 30; count++) await readFile(new URL(import.meta.url))
      read.push(clock.now())
    }, 10)
    clock.setTimer(() => read.push(clock.now()), 20)
    await clock.advance(30)
    expect(read).toEqual([10, 20])
  })

  test('goes on when reading has no end', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'k1s-fake-clock-'))
    const pipe = join(directory, 'pipe')
    execFileSync('mkfifo', [pipe])
    const clock = new FakeClock(0)
    const reading = readFile(pipe, 'utf8')
    await clock.advance('1h')
    await writeFile(pipe, 'the end')
    expect(await reading).toBe('the end')
    await rm(directory, { recursive: true })
  })

  test('is advanced by a time as Go writes it', async () => {
    const clock = new FakeClock(0)
    await clock.advance('1h0.5s')
    expect(clock.now()).toBe(3_600_500)
    expect(() => clock.advance('-1s')).toThrow(
      'what time is advanced by is a duration from 0 on, which -1s is not',
    )
    expect(() => clock.advance(undefined as unknown as number)).toThrow('undefined is no duration')
  })

  test('starts at the same time in every test, or at a given one', () => {
    expect(new FakeClock().now()).toBe(Date.parse('2026-01-01T00:00:00Z'))
    expect(new FakeClock(new Date('2030-05-06T07:08:09Z')).now()).toBe(Date.parse('2030-05-06T07:08:09Z'))
  })

  test('calls timers in the order of their times, each at its own time', async () => {
    const clock = new FakeClock(0)
    const called: string[] = []
    const note = (name: string) => () => called.push(`${name} at ${clock.now()}`)
    clock.setTimer(note('b'), 20)
    clock.setTimer(note('a'), 10)
    clock.setTimer(note('b2'), 20)
    clock.setTimer(note('late'), 101)
    await clock.advance(100)
    expect(called).toEqual(['a at 10', 'b at 20', 'b2 at 20'])
    expect(clock.now()).toBe(100)
    expect(clock.pendingTimers).toBe(1)
    await clock.advance(1)
    expect(called.at(-1)).toBe('late at 101')
  })

  test('calls timers that timers set, if they are due meanwhile', async () => {
    const clock = new FakeClock(0)
    const times: number[] = []
    const again = () => {
      times.push(clock.now())
      clock.setTimer(again, 30)
    }
    clock.setTimer(again, 30)
    await clock.advance(100)
    expect(times).toEqual([30, 60, 90])
  })

  test('never calls a timer before setTimer has returned, nor without time to pass', async () => {
    const clock = new FakeClock(0)
    const times: number[] = []
    for (const delay of [0, -5, Number.NaN]) clock.setTimer(() => times.push(clock.now()), delay)
    expect(times).toEqual([])
    await clock.advance(0)
    expect(times).toEqual([])
    await clock.advance(1)
    expect(times).toEqual([1, 1, 1])
  })

  test('lets what a timer sets off settle before the next one', async () => {
    const clock = new FakeClock(0)
    const log: string[] = []
    clock.setTimer(async () => {
      await Promise.resolve()
      await nextTurn()
      await nextTurn()
      log.push(`first done at ${clock.now()}`)
    }, 1)
    clock.setTimer(() => log.push('second'), 2)
    await clock.advance(2)
    expect(log).toEqual(['first done at 1', 'second'])
  })

  test('advances through the sleeps of a loop that was just begun', async () => {
    const clock = new FakeClock(0)
    const times: number[] = []
    const loop = (async () => {
      while (times.length < 3) {
        await sleep(clock, 1000)
        times.push(clock.now())
      }
    })()
    await clock.advance(3000)
    await loop
    expect(times).toEqual([1000, 2000, 3000])
    expect(clock.pendingTimers).toBe(0)
  })

  test('forgets timers that were cancelled, also by timers, and by those that come later', async () => {
    const clock = new FakeClock(0)
    const called: string[] = []
    const first = clock.setTimer(() => called.push('first'), 1)
    const third = clock.setTimer(() => called.push('third'), 3)
    clock.setTimer(() => third.cancel(), 2).unref()
    first.cancel()
    first.cancel()
    expect(clock.pendingTimers).toBe(2)
    await clock.advance(10)
    expect(called).toEqual([])
    expect(clock.pendingTimers).toBe(0)
  })

  test('takes one step after the other', async () => {
    const clock = new FakeClock(0)
    const called: number[] = []
    clock.setTimer(() => called.push(clock.now()), 5)
    clock.setTimer(() => called.push(clock.now()), 15)
    await Promise.all([clock.advance(10), clock.advance(10)])
    expect(called).toEqual([5, 15])
    expect(clock.now()).toBe(20)
  })

  test('tells what a timer throws, and can go on', async () => {
    const clock = new FakeClock(0)
    const called: number[] = []
    clock.setTimer(() => {
      throw new Error('broken')
    }, 5)
    clock.setTimer(() => called.push(clock.now()), 6)
    await expect(clock.advance(10)).rejects.toThrow('broken')
    expect(clock.now()).toBe(5)
    await clock.advance(1)
    expect(called).toEqual([6])
  })

  test('advances to a time that is set, or goes back to it, where timers keep their times', async () => {
    const clock = new FakeClock(1000)
    const called: number[] = []
    clock.setTimer(() => called.push(clock.now()), 100)
    await clock.setTime(500)
    expect(clock.now()).toBe(500)
    await clock.advance(100)
    expect(called).toEqual([])
    await clock.setTime(new Date(2000))
    expect(called).toEqual([1100])
    expect(clock.now()).toBe(2000)
  })

  test('refuses what is no time', () => {
    const clock = new FakeClock()
    for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => clock.advance(wrong)).toThrow(RangeError)
    }
    expect(() => clock.setTime(new Date('never'))).toThrow(RangeError)
    expect(() => new FakeClock(Number.NaN)).toThrow(RangeError)
  })

  test('calls every timer once, at its time, however it is advanced', async () => {
    const delays = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 30 })
    const steps = fc.array(fc.nat(20), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(delays, steps, async (wanted, advances) => {
        const clock = new FakeClock(0)
        const called: number[] = []
        for (const delay of wanted) {
          clock.setTimer(() => {
            expect(clock.now()).toBe(delay)
            called.push(delay)
          }, delay)
        }
        let end = 0
        for (const step of advances) {
          await clock.advance(step)
          end += step
          expect(called).toEqual(wanted.filter((delay) => delay <= end).sort((a, b) => a - b))
          expect(clock.pendingTimers).toBe(wanted.length - called.length)
        }
      }),
      { numRuns: 30 },
    )
  })
})
