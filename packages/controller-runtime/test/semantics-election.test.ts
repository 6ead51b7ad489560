import type { LeaderElectionOptions, Manager } from '@k1s/controller-runtime'
import { functionSource, newControllerManagedBy } from '@k1s/controller-runtime'
import { mergePatch } from '@k1s/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Lease } from '../src/leader-election/lease.ts'
import { type FakeEnvironment, fakeEnvironment, Gate, Item, item, itemManager, until } from './semantics.ts'

let env: FakeEnvironment
let stop: AbortController
beforeEach(async () => {
  env = await fakeEnvironment()
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  await env.clock.advance(0)
  await env.close()
})

const leaderElection: LeaderElectionOptions = { id: 'leader', namespace: 'default' }
const key = { namespace: 'default', name: 'leader' }
const lead = (manager: Manager) =>
  /^leader_election_master_status{name="leader"} (.*)$/m.exec(manager.metrics.text())?.[1]

async function isElected(manager: Manager): Promise<boolean> {
  return Promise.race([manager.elected.then(() => true), Promise.resolve().then(() => false)])
}

describe('a manager with leader election', () => {
  it('runs its controllers when it is elected, and those that need no election at once', async () => {
    await env.client.create(item('a'))
    const names: string[] = []
    const managerOf = (which: string) => {
      const manager = itemManager(env, () => void names.push(which), undefined, { leaderElection })
      newControllerManagedBy(manager)
        .for(Item)
        .named(`free-${which}`)
        .withOptions({ needLeaderElection: false })
        .complete(() => void names.push(`free-${which}`))
      return manager
    }
    const firstStop = new AbortController()
    const first = managerOf('1')
    const firstEnd = first.start(firstStop.signal)
    await first.elected
    await until(() => names.length === 2)
    const second = managerOf('2')
    const secondEnd = second.start(stop.signal)
    await until(() => names.length === 3)
    await env.clock.advance(60_000)
    expect(names.sort()).toEqual(['1', 'free-1', 'free-2'])
    expect([await isElected(first), await isElected(second)]).toEqual([true, false])
    expect([lead(first), lead(second)]).toEqual(['1', '0'])
    firstStop.abort()
    await firstEnd
    expect(lead(first)).toBe('0')
    // It was given back, so that the other has it with its next try.
    await env.clock.advance(2000 * 2.2)
    expect(await isElected(second)).toBe(true)
    stop.abort()
    await secondEnd
  })

  it('ends with "leader election lost" when somebody else takes the Lease, without waiting for reconciles', async () => {
    await env.client.create(item('a'))
    const gate = new Gate()
    let reason: unknown
    const manager = itemManager(
      env,
      async (_, { signal }) => {
        signal.addEventListener('abort', () => {
          reason = signal.reason
        })
        await gate.opened
      },
      undefined,
      { leaderElection },
    )
    const ended = manager.start(stop.signal).catch((error: unknown) => error)
    await until(() => manager.controller.active.size > 0)
    await env.client.patch(
      await env.client.get(Lease, key),
      mergePatch({ spec: { holderIdentity: 'elsewhere_1' } }),
    )
    await env.clock.advance(2000)
    expect(reason).toEqual(new Error('the controller item was told to stop'))
    expect(lead(manager)).toBe('0')
    await env.clock.advance(2000)
    expect(await ended).toEqual(new Error('leader election lost'))
    gate.open()
  })

  it('ends with "leader election lost" when the server cannot be reached', async () => {
    const manager = itemManager(env, () => undefined, undefined, { leaderElection })
    const ended = manager.start(stop.signal).catch((error: unknown) => error)
    await manager.elected
    env.faults.fail({ resource: 'leases.coordination.k8s.io', error: new Error('no server') })
    await env.clock.advance(20_000)
    expect(await ended).toEqual(new Error('leader election lost'))
  })

  it.each([
    ['gives the Lease back when it could not renew it in time', true, undefined],
    [
      'leaves a Lease that it could not renew to run out with releaseOnCancel false',
      false,
      expect.any(String),
    ],
  ])('%s', async (_, releaseOnCancel, holder) => {
    const options = { ...leaderElection, retryPeriod: '3s', releaseOnCancel }
    const manager = itemManager(env, () => undefined, undefined, { leaderElection: options })
    const ended = manager.start(stop.signal).catch((error: unknown) => error)
    await manager.elected
    const fault = env.faults.fail({ resource: 'leases.coordination.k8s.io', error: new Error('no server') })
    await env.clock.advance(12_500)
    fault.remove()
    await env.clock.advance(500)
    expect(await ended).toEqual(new Error('leader election lost'))
    expect((await env.client.get(Lease, key)).spec?.holderIdentity).toEqual(holder)
  })

  it('goes on trying when the server cannot be reached at first', async () => {
    const manager = itemManager(env, () => undefined, undefined, { leaderElection })
    env.faults.fail({ resource: 'leases.coordination.k8s.io', error: new Error('no server'), times: 3 })
    const ended = manager.start(stop.signal)
    await until(() => env.logs.some(({ message }) => message === 'Failed to acquire lease'))
    await env.clock.advance(3 * 2000 * 2.2)
    expect(await isElected(manager)).toBe(true)
    stop.abort()
    await ended
  })

  it('leaves the Lease to run out with releaseOnCancel false', async () => {
    const options = { leaderElection: { ...leaderElection, releaseOnCancel: false } }
    const first = itemManager(env, () => undefined, undefined, options)
    const firstStop = new AbortController()
    const firstEnd = first.start(firstStop.signal)
    await first.elected
    firstStop.abort()
    await firstEnd
    const second = itemManager(env, () => undefined, undefined, options)
    const secondEnd = second.start(stop.signal)
    await env.clock.advance(14_000)
    expect(await isElected(second)).toBe(false)
    await env.clock.advance(1000 + 2000 * 2.2)
    expect(await isElected(second)).toBe(true)
    stop.abort()
    await secondEnd
  })

  it.each<[string, Partial<LeaderElectionOptions>]>([
    ['leaseDuration must be greater than renewDeadline', { leaseDuration: '10s' }],
    ['renewDeadline must be greater than retryPeriod*JitterFactor', { retryPeriod: '9s' }],
  ])('refuses times of which %s does not hold', async (message, times) => {
    const manager = itemManager(env, () => undefined, undefined, {
      leaderElection: { ...leaderElection, ...times },
    })
    await expect(manager.start(stop.signal)).rejects.toThrow(message)
  })
})

it('a controller waits for the Lease that another process has of it, and tells when it cannot know', async () => {
  await env.client.create(item('a'))
  const gate = new Gate()
  const first = itemManager(env, () => gate.opened)
  const run = first.runOnce()
  await until(() => first.controller.active.size > 0)
  const second = itemManager(env, () => undefined)
  env.faults.fail({
    verb: 'get',
    resource: 'leases.coordination.k8s.io',
    error: new Error('no server'),
    times: 1,
  })
  const ended = second.start(stop.signal)
  await env.clock.advance(10_000)
  expect(second.controller.reconciles).toBe(0)
  expect(env.logs).toContainEqual(expect.objectContaining({ message: 'Failed to acquire lease' }))
  gate.open()
  await run
  await env.clock.advance(250)
  await until(() => second.controller.reconciles > 0)
  stop.abort()
  await ended
})

it('a running controller that loses its own Lease ends its reconciles at once, and goes on when it can have it again', async () => {
  await env.client.create(item('a'))
  const reasons: unknown[] = []
  const manager = itemManager(env, (_, { signal }) => {
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        reasons.push(signal.reason)
        reject(signal.reason)
      })
    })
  })
  const ended = manager.start(stop.signal)
  await until(() => manager.controller.active.size > 0)
  const own = { namespace: 'kube-system', name: 'k1s-controller-item' }
  await env.client.patch(
    await env.client.get(Lease, own),
    mergePatch({ spec: { holderIdentity: 'elsewhere_1' } }),
  )
  await env.clock.advance(2000)
  expect(reasons).toEqual([expect.any(Error)])
  expect(env.logs).toContainEqual(
    expect.objectContaining({ level: 'error', message: 'Lost lease, waiting for it' }),
  )
  await env.clock.advance(14_000)
  expect(manager.controller.active.size).toBe(0)
  await env.clock.advance(2000)
  await until(() => manager.controller.active.size > 0)
  stop.abort()
  await env.clock.advance(30_000)
  await ended
})

describe('a Lease that cannot be given back', () => {
  const releases = { verb: 'update', resource: 'leases.coordination.k8s.io' } as const
  const failure = { message: 'Failed to release lease', error: new Error('no server') }

  it('is logged by a manager that is stopped, which ends in good order', async () => {
    const manager = itemManager(env, () => undefined)
    const running = manager.start(stop.signal)
    await env.clock.advance(1000)
    env.faults.fail({ ...releases, error: new Error('no server') })
    stop.abort()
    await running
    expect(env.logs).toContainEqual(expect.objectContaining(failure))
  })

  it('does not hide why a manager has ended', async () => {
    const broken = functionSource('broken', () => Promise.reject(new Error('no socket')))
    const manager = itemManager(
      env,
      () => undefined,
      (builder) => builder.watchesRawSource(broken),
    )
    env.faults.fail({ ...releases, error: new Error('no server') })
    await expect(manager.start(stop.signal)).rejects.toThrow('no socket')
  })

  it('is logged by a triggered run, which has done and saved all', async () => {
    await env.client.create(item('a'))
    env.faults.fail({ ...releases, error: new Error('no server') })
    const { controllers } = await itemManager(env, () => undefined).runOnce()
    expect(controllers).toMatchObject([{ outcome: 'idle', reconciles: 1 }])
    expect(env.logs).toContainEqual(expect.objectContaining(failure))
  })
})

it('a running controller ends with its manager when it has lost its Lease and a reconcile does not end', async () => {
  await env.client.create(item('a'))
  const never = new Promise<void>(() => undefined)
  const manager = itemManager(env, () => never)
  const ended = manager.start(stop.signal).catch((error: unknown) => error)
  await until(() => manager.controller.active.size > 0)
  const own = { namespace: 'kube-system', name: 'k1s-controller-item' }
  await env.client.patch(
    await env.client.get(Lease, own),
    mergePatch({ spec: { holderIdentity: 'elsewhere_1' } }),
  )
  await env.clock.advance(2000 + 2000)
  expect(await ended).toEqual(new Error('the Lease k1s-controller-item was lost'))
})

describe('the log of a running manager', () => {
  const linesOf = (message: string) => env.logs.filter((line) => line.message === message)
  const lock = 'kube-system/k1s-controller-item'

  it('tells of each renewal of a Lease that failed, and that it was lost', async () => {
    await env.client.create(item('a'))
    const manager = itemManager(env, () => undefined)
    const ended = manager.start(stop.signal)
    await until(() => manager.controller.reconciles > 0)
    env.faults.fail({ resource: 'leases.coordination.k8s.io', error: new Error('no server') })
    await env.clock.advance(20_000)
    stop.abort()
    await ended
    const failed = linesOf('Failed to update lease')
    expect(failed.length).toBeGreaterThan(1)
    expect(failed[0]).toMatchObject({ level: 'error', error: new Error('no server'), values: { lock } })
    expect(linesOf('Failed to renew lease')).toMatchObject([
      { level: 'info', values: { lock, err: 'no server' } },
    ])
  })

  it('has only a debug line for a Lease to which somebody gave a label', async () => {
    await env.client.create(item('a'))
    const manager = itemManager(env, () => undefined)
    const running = manager.start(stop.signal)
    await until(() => manager.controller.reconciles > 0)
    const lease = await env.client.get(Lease, { namespace: 'kube-system', name: 'k1s-controller-item' })
    await env.client.patch(lease, mergePatch({ metadata: { labels: { team: 'blue' } } }))
    await env.clock.advance(20_000)
    expect(linesOf('Failed to update lease optimistically, falling back to slow path')).toMatchObject([
      { level: 'debug', values: { lock } },
    ])
    expect(env.logs.filter(({ level }) => level === 'error')).toEqual([])
    stop.abort()
    await running
  })
})
