import { expect, test } from 'vitest'
import { WriteWorkers } from './write-workers.ts'

type OnStatus = (status: number) => unknown

/** An environment whose threads do what the test says, and what it was told by them. */
function environment() {
  const threads: OnStatus[] = []
  const told: number[] = []
  const env = { startWriting: (_instructions: number, onStatus: OnStatus) => void threads.push(onStatus) }
  const workers = new WriteWorkers({ env } as unknown as ConstructorParameters<typeof WriteWorkers>[0])
  const write = () => env.startWriting(0, (status) => told.push(status))
  const hasEnded = () => Promise.race([workers.whenEnded().then(() => true), tick().then(() => false)])
  return { threads, told, write, hasEnded }
}

const tick = () => new Promise((resolve) => setImmediate(resolve))

test('a store without writes has no threads to wait for', async () => {
  expect(await environment().hasEnded()).toBe(true)
})

test.each([0, -30_792, 28])(
  'a thread is done when it ends with %i, and not when its commit is told',
  async (status) => {
    const { threads, told, write, hasEnded } = environment()
    write()
    for (const progress of [2, 1]) {
      threads[0]!(progress)
      expect(await hasEnded()).toBe(false)
    }
    threads[0]!(status)
    expect(await hasEnded()).toBe(true)
    expect(told).toEqual([2, 1, status])
  },
)

test('all threads are waited for', async () => {
  const { threads, write, hasEnded } = environment()
  write()
  write()
  threads[0]!(0)
  expect(await hasEnded()).toBe(false)
  threads[1]!(0)
  expect(await hasEnded()).toBe(true)
})
