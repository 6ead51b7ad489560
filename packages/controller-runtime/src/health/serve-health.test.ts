import { afterEach, beforeEach, expect, it } from 'vitest'
import { newLogger } from '../log/json-logger.ts'
import type { HealthCheck } from './health-check.ts'
import { ping } from './ping.ts'
import { type HealthChecks, serveHealth } from './serve-health.ts'

let server: Awaited<ReturnType<typeof serveHealth>> | undefined
afterEach(() => server?.close())

let lines: string[]
beforeEach(() => {
  lines = []
})
const logger = newLogger({ level: 'debug', write: (line) => lines.push(line) })
const serve = (address: string, checks: Partial<HealthChecks> = {}) =>
  serveHealth(address, { healthz: new Map(), readyz: new Map(), ...checks }, logger)

async function ask(checks: Partial<HealthChecks>, path: string): Promise<string> {
  server = await serve('127.0.0.1:0', checks)
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`)
  return `${response.status} ${await response.text()}`
}

const failing = () => Promise.reject(new Error('no disk'))
const passing = () => undefined

it('is healthy as long as it answers, if that is the check', async () => {
  const healthz = new Map([['healthz', ping]])
  expect(await ask({ healthz }, '/healthz')).toBe('200 ok')
  expect(await ask({ healthz }, '/healthz?verbose')).toBe('200 [+]healthz ok\nhealthz check passed\n')
})

it('has no endpoint without checks', async () => {
  expect(await ask({}, '/healthz')).toBe('404 404 page not found\n')
})

it('says which check failed, and not why', async () => {
  const healthz = new Map<string, HealthCheck>([
    ['store', failing],
    ['disk', passing],
  ])
  expect(await ask({ healthz }, '/healthz')).toBe(
    '500 [+]disk ok\n[-]store failed: reason withheld\nhealthz check failed\n',
  )
  expect(await ask({ healthz, readyz: new Map([['ping', ping]]) }, '/readyz')).toBe('200 ok')
})

it('logs which check failed, and why where one looks for it', async () => {
  await ask({ healthz: new Map([['store', failing]]) }, '/healthz')
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'debug', msg: 'healthz check failed', checker: 'store', error: 'no disk' },
    { level: 'info', msg: 'healthz check failed', statuses: ['[-]store failed: reason withheld'] },
  ])
})

it('leaves out checks that are excluded', async () => {
  const healthz = new Map([['store', failing]])
  expect(await ask({ healthz }, '/healthz?exclude=store&exclude=moon')).toBe('200 ok')
  expect(await ask({ healthz }, '/healthz?exclude=store&exclude=moon&verbose')).toBe(
    '200 [+]store excluded: ok\nwarn: some health checks cannot be excluded: no matches for "moon"\nhealthz check passed\n',
  )
})

it('answers for one check, with the reason', async () => {
  const readyz = new Map([['store', failing]])
  expect(await ask({ readyz }, '/readyz/store')).toBe('500 internal server error: no disk\n')
  expect(await ask({ readyz }, '/readyz/moon')).toBe('404 404 page not found\n')
})

it('answers for a check whose name has a slash, a space or letters of any script, escaped or not', async () => {
  const readyz = new Map([
    ['store/disk', failing],
    ['free space', failing],
    ['größe', failing],
  ])
  for (const path of ['store/disk', 'store%2Fdisk', 'store//disk/', 'free%20space', 'gr%C3%B6%C3%9Fe']) {
    expect(await ask({ readyz }, `/readyz/${path}`)).toBe('500 internal server error: no disk\n')
    await server?.close()
  }
  for (const path of ['store', 'disk', 'store/disk/size', 'free+space', '%ff', '%', '%2']) {
    expect(await ask({ readyz }, `/readyz/${path}`)).toBe('404 404 page not found\n')
    await server?.close()
  }
})

it('answers for a check that threw what has no text', async () => {
  const readyz = new Map([['store', () => Promise.reject(Object.create(null))]])
  expect(await ask({ readyz }, '/readyz/store')).toBe(
    '500 internal server error: what was thrown has no text\n',
  )
})

it('says which address it cannot have', async () => {
  await expect(serve('localhost')).rejects.toThrow(
    '"localhost" is no address: write HOST:PORT, or :PORT for all interfaces',
  )
})
