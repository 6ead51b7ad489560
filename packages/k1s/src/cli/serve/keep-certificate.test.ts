import type { CertifiedKey } from '@k1s/apiserver'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepCertificate } from './keep-certificate.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const hour = 60 * 60 * 1000

test('a renewed certificate is shown within an hour, and a failure leaves the last one', async () => {
  const shown: string[] = []
  const errors: unknown[] = []
  const abort = new AbortController()
  let load = async (): Promise<CertifiedKey> => ({ cert: 'first', key: '' })
  keepCertificate(
    { setCertificate: ({ cert }) => shown.push(cert) },
    { cert: 'first', key: '' },
    () => load(),
    {
      signal: abort.signal,
      onError: (error) => errors.push(error),
    },
  )
  await vi.advanceTimersByTimeAsync(2 * hour)
  expect(shown).toEqual([])
  load = async () => ({ cert: 'second', key: '' })
  await vi.advanceTimersByTimeAsync(2 * hour)
  expect(shown).toEqual(['second'])
  load = () => Promise.reject(new Error('gone'))
  await vi.advanceTimersByTimeAsync(hour)
  expect([shown, errors]).toEqual([['second'], [new Error('gone')]])
  abort.abort()
  await vi.advanceTimersByTimeAsync(2 * hour)
  expect(errors).toHaveLength(1)
})
