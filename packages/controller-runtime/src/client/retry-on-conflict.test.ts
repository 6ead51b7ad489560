import { type Clock, newConflict, systemClock } from '@k1s/apimachinery'
import { expect, it } from 'vitest'
import { retryOnConflict } from './retry-on-conflict.ts'

const conflict = () => newConflict({ group: '', resource: 'configmaps' }, 'a', 'it was changed')

/** A clock whose timers are due at once, and how long they were to wait. */
function hastyClock(): { clock: Clock; waits: number[] } {
  const waits: number[] = []
  const setTimer: Clock['setTimer'] = (callback, delay) => {
    waits.push(delay)
    return systemClock.setTimer(callback, 0)
  }
  return { clock: { ...systemClock, setTimer }, waits }
}

/** Fails so many times, and returns how often it was called. */
function failing(times: number, failure: () => unknown = conflict) {
  let calls = 0
  return async () => {
    if (++calls <= times) throw failure()
    return calls
  }
}

it('tries again after a conflict, five times in all', async () => {
  const { clock, waits } = hastyClock()
  expect(await retryOnConflict(failing(4), { clock })).toBe(5)
  expect(waits).toHaveLength(4)
  for (const wait of waits) expect(wait).toSatisfy((ms: number) => ms >= 10 && ms <= 11)
})

it('throws the last conflict', async () => {
  const { clock, waits } = hastyClock()
  await expect(retryOnConflict(failing(9), { clock })).rejects.toThrow('it was changed')
  expect(waits).toHaveLength(4)
})

it('throws anything else at once', async () => {
  const { clock, waits } = hastyClock()
  const broken = failing(1, () => new Error('broken'))
  await expect(retryOnConflict(broken, { clock })).rejects.toThrow('broken')
  expect(waits).toEqual([])
})

it('waits as it is told', async () => {
  const { clock, waits } = hastyClock()
  await retryOnConflict(failing(3), { clock, steps: 4, duration: '1s', factor: 5, jitter: 0 })
  expect(waits).toEqual([1000, 5000, 25_000])
})

it('ends when its signal aborts', async () => {
  const stop = new AbortController()
  const retried = retryOnConflict(failing(1), { duration: '1h', signal: stop.signal })
  stop.abort()
  await expect(retried).rejects.toThrow('it was changed')
})
