import { AssertionError } from 'node:assert'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { consistently, createTestEnvironment, eventually, FakeClock } from '../src/index.ts'

/** Throws this many times. */
const failing = (count: number) => {
  let tries = 0
  return () => {
    if (tries++ < count) throw new Error(`try ${tries}`)
    return tries
  }
}

describe('eventually', () => {
  test('returns what the first try returns that does not throw', async () => {
    expect(await eventually(failing(3), { interval: 1 })).toBe(4)
    expect(await eventually(async () => failing(0)())).toBe(1)
  })

  test('throws what the last try threw, with how often it was tried', async () => {
    const thrown = await eventually(() => expect({ a: 1 }).toEqual({ a: 2 }), {
      clock: new FakeClock(),
      timeout: 3000,
    }).catch((error) => error)
    expect(thrown).toMatchObject({ actual: { a: 1 }, expected: { a: 2 } })
    expect(thrown.message).toMatch(/^expected .* to deeply equal .*\ntried \d+ times within 3000ms$/)
    expect(thrown.stack).toMatch(/tried \d+ times within 3000ms/)
    const text = eventually(() => Promise.reject('no'), { timeout: 0 })
    await expect(text).rejects.toThrow('no\ntried once within 0ms')
  })

  test.each([
    ['an object', { code: 5 }, '{ code: 5 }\ntried once within 0ms'],
    ['what has no text', Object.create(null), '[Object: null prototype] {}\ntried once within 0ms'],
    ['nothing', undefined, 'undefined\ntried once within 0ms'],
  ])('shows %s that was thrown', async (_, thrown, message) => {
    const error: Error = await eventually(() => Promise.reject(thrown), { timeout: 0 }).catch(
      (caught) => caught,
    )
    expect(error.message).toBe(message)
    expect(error.cause).toBe(thrown)
  })

  test('throws in time of the machine, too', async () => {
    await expect(eventually(failing(1e9), { timeout: 5, interval: 1 })).rejects.toThrow(
      /tried \d+ times within 5ms/,
    )
  })

  test('says when a try does not end', async () => {
    const clock = new FakeClock()
    const never = eventually(() => new Promise(() => {}), { clock, timeout: 1000 })
    await expect(never).rejects.toThrow(
      'it is still waiting for an answer\ntried once within 1000ms, and the last try did not end',
    )
  })

  test('advances a fake clock in place of waiting, and stops when it need not', async () => {
    const clock = new FakeClock(0)
    let isReady = false
    clock.setTimer(() => {
      isReady = true
    }, 45_000)
    await eventually(() => expect(isReady).toBe(true), { clock })
    expect(clock.now()).toBe(45_000)
  })

  test('waits for what takes time of the machine, however fast a fake clock advances', async () => {
    const clock = new FakeClock(0)
    let isLoaded = false
    const loaded = wait(100).then(() => {
      isLoaded = true
    })
    await eventually(() => expect(isLoaded).toBe(true), { clock, timeout: 1000 })
    await loaded
    expect(clock.now()).toBe(1000)
  })

  test('does not advance a fake clock while a try takes time of the machine', async () => {
    const clock = new FakeClock(0)
    await eventually(() => wait(5), { clock })
    expect(clock.now()).toBe(0)
  })

  test('is on the clock of an environment', async () => {
    await using env = await createTestEnvironment({ clock: 'fake' })
    const start = env.clock.now()
    await env.eventually(() => expect(env.clock.now()).toBe(start + 5000))
  })

  test('takes times as Go writes them', async () => {
    const clock = new FakeClock(0)
    const never = eventually(failing(1e9), { clock, timeout: '1h', interval: '20m' })
    await expect(never).rejects.toThrow('within 3600000ms')
    expect(clock.now()).toBe(3_600_000)
    const tries: number[] = []
    await consistently(() => tries.push(clock.now()), { clock, duration: '1m', interval: '30s' })
    expect(tries).toEqual([3_600_000, 3_630_000, 3_660_000])
  })

  test('refuses what is no time', async () => {
    await expect(eventually(() => {}, { timeout: -1 })).rejects.toThrow(
      new RangeError('timeout is a duration from 0 on, which -1 is not'),
    )
    await expect(consistently(() => {}, { interval: Number.NaN })).rejects.toThrow(RangeError)
    await expect(consistently(() => {}, { duration: '5 s' })).rejects.toThrow(
      'unknown unit " s" in duration "5 s"',
    )
  })
})

describe('consistently', () => {
  test('tries for all of the duration', async () => {
    const clock = new FakeClock(0)
    const tries: number[] = []
    await consistently(() => tries.push(clock.now()), { clock, duration: 2500 })
    expect(tries).toEqual([0, 1000, 2000, 2500])
    expect(await consistently(() => 7, { duration: 3, interval: 1 })).toBe(7)
  })

  test('throws the first failure, with when it was', async () => {
    const clock = new FakeClock(0)
    const attempt = () => {
      if (clock.now() >= 3000) throw new AssertionError({ message: 'gone' })
    }
    await expect(consistently(attempt, { clock })).rejects.toThrow(
      'gone\nit held 3 times, and no longer after 3000ms',
    )
  })
})
