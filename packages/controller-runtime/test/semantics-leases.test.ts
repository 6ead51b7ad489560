import { isNotFound } from '@k1s/apimachinery'
import { mergePatch } from '@k1s/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HeldLease } from '../src/leader-election/held-lease.ts'
import { defaultLeaseTimes, Lease } from '../src/leader-election/lease.ts'
import { LeaseLock } from '../src/leader-election/lease-lock.ts'
import { type FakeEnvironment, fakeEnvironment } from './semantics.ts'

let env: FakeEnvironment
beforeEach(async () => {
  env = await fakeEnvironment()
})
afterEach(() => env.close())

const key = { namespace: 'default', name: 'work' }
const lock = () => new LeaseLock({ client: env.client, clock: env.clock, ...key, ...defaultLeaseTimes })
const creations = { verb: 'create', resource: 'leases.coordination.k8s.io' } as const
const spec = async () => (await env.client.get(Lease, key)).spec ?? {}
const acquire = async (): Promise<HeldLease> => {
  const held = await lock().tryAcquire()
  if (held === undefined) throw new Error('somebody else has it')
  return held
}
const microTime = (offset: number) =>
  new Date(Date.UTC(2026, 0, 1) + offset).toISOString().replace('Z', '000Z')

/** Holds the Lease on another machine. */
const holdElsewhere = (fields: object = {}) =>
  env.client.create<Lease>({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: key,
    spec: {
      holderIdentity: 'elsewhere_7a5c',
      leaseDurationSeconds: 15,
      renewTime: microTime(0),
      leaseTransitions: 3,
      ...fields,
    },
  })

describe('a Lease that is free', () => {
  it('says who has it, for how long, and since when', async () => {
    await acquire()
    expect(await spec()).toEqual({
      holderIdentity: expect.stringContaining(`_${process.pid}_`),
      leaseDurationSeconds: 15,
      acquireTime: microTime(0),
      renewTime: microTime(0),
      leaseTransitions: 0,
    })
  })

  it('is had by the next try of the one whose first try got no answer', async () => {
    const mine = lock()
    env.faults.fail({ ...creations, error: new Error('no answer'), afterwards: true, times: 1 })
    await expect(mine.tryAcquire()).rejects.toThrow('no answer')
    expect(await lock().tryAcquire()).toBeUndefined()
    expect((await mine.tryAcquire())?.isHeld()).toBe(true)
  })

  it('is had by one of those who want it at the same time', async () => {
    const held = await Promise.all([lock(), lock(), lock()].map((each) => each.tryAcquire()))
    expect(held.filter((each) => each !== undefined)).toHaveLength(1)
  })
})

describe('a Lease of another machine', () => {
  it('can be had when it was not renewed for 15 s, counted from when that was first seen', async () => {
    await holdElsewhere({ renewTime: '2020-01-01T00:00:00.000000Z' })
    const waiting = lock()
    expect(await waiting.tryAcquire()).toBeUndefined()
    await env.clock.advance(14_999)
    expect(await waiting.tryAcquire()).toBeUndefined()
    await env.clock.advance(1)
    expect(await waiting.tryAcquire()).toBeDefined()
    expect(await spec()).toMatchObject({ leaseTransitions: 4, acquireTime: microTime(15_000) })
  })

  it('is waited for anew after each renewal', async () => {
    const lease = await holdElsewhere()
    const waiting = lock()
    await waiting.tryAcquire()
    await env.clock.advance(14_000)
    await env.client.patch(lease, mergePatch({ spec: { renewTime: microTime(14_000) } }))
    expect(await waiting.tryAcquire()).toBeUndefined()
    await env.clock.advance(14_000)
    expect(await waiting.tryAcquire()).toBeUndefined()
    await env.clock.advance(1000)
    expect(await waiting.tryAcquire()).toBeDefined()
  })

  it('can be had as early as its own duration says', async () => {
    await holdElsewhere({ leaseDurationSeconds: 3 })
    const waiting = lock()
    expect(await waiting.tryAcquire()).toBeUndefined()
    await env.clock.advance(3000)
    expect(await waiting.tryAcquire()).toBeDefined()
  })

  it('can be had at once when it was given back', async () => {
    await holdElsewhere({ holderIdentity: '', leaseDurationSeconds: 1 })
    expect(await lock().tryAcquire()).toBeDefined()
  })
})

describe('a Lease that is held', () => {
  it('is renewed every 2 s, for ever', async () => {
    const held = await acquire()
    for (const time of [2000, 4000, 6000]) {
      await env.clock.advance(2000)
      expect((await spec()).renewTime).toBe(microTime(time))
    }
    await env.clock.advance(60_000)
    expect(held.isHeld()).toBe(true)
    expect(held.signal.aborted).toBe(false)
  })

  it('is kept when the server cannot be reached for 9 s', async () => {
    const held = await acquire()
    const fault = env.faults.fail({ resource: 'leases.coordination.k8s.io', error: new Error('no server') })
    await env.clock.advance(9000)
    fault.remove()
    await env.clock.advance(60_000)
    expect(held.signal.aborted).toBe(false)
    expect(held.isHeld()).toBe(true)
  })

  it('is lost when the server cannot be reached for 11 s, before anybody else can have it', async () => {
    const held = await acquire()
    const fault = env.faults.fail({ resource: 'leases.coordination.k8s.io', error: new Error('no server') })
    await env.clock.advance(11_000)
    fault.remove()
    await env.clock.advance(1000)
    expect(held.signal.aborted).toBe(true)
    expect(held.signal.reason).toEqual(new Error('the Lease work was lost'))
    expect(held.isHeld()).toBe(false)
    await env.clock.advance(60_000)
    expect((await spec()).renewTime).toBe(microTime(0))
  })

  it('is lost when the server does not answer, and what was asked of it is given up', async () => {
    const held = await acquire()
    env.faults.latency({ resource: 'leases.coordination.k8s.io', delay: 3_600_000 })
    await env.clock.advance(12_000)
    expect(held.signal.aborted).toBe(true)
    await held.release()
    await env.clock.advance(10_000)
    expect(env.clock.pendingTimers).toBe(0)
  })

  it('is given back though it was lost, if nobody has taken it', async () => {
    const held = await acquire()
    const fault = env.faults.fail({ resource: 'leases.coordination.k8s.io', error: new Error('no server') })
    await env.clock.advance(12_000)
    expect(held.signal.aborted).toBe(true)
    fault.remove()
    await held.release()
    await env.clock.advance(0)
    expect(await lock().tryAcquire()).toBeDefined()
  })

  it('is no longer held when its process has slept for longer than it lasts', async () => {
    let slept = 0
    const asleep = { now: () => env.clock.now() + slept, setTimer: env.clock.setTimer.bind(env.clock) }
    const options = { client: env.client, clock: asleep, ...key, ...defaultLeaseTimes }
    const held = await new LeaseLock(options).tryAcquire()
    slept = 14_999
    expect(held?.isHeld()).toBe(true)
    slept = 15_000
    expect(held?.isHeld()).toBe(false)
  })

  it('counts from when a renewal was asked for, and not from its answer', async () => {
    const held = await acquire()
    const renewals = { verb: 'update', resource: 'leases.coordination.k8s.io' } as const
    env.faults.latency({ ...renewals, delay: 7000, times: 1 })
    // Asked for after 2 s, answered after 9 s, and not renewed again.
    await env.clock.advance(9000)
    env.faults.fail({ ...renewals, error: new Error('no server') })
    await env.clock.advance(2000 + 12_000 - 9000 - 1)
    expect(held.signal.aborted).toBe(false)
    await env.clock.advance(1)
    expect(held.signal.aborted).toBe(true)
  })

  it('is kept when somebody gives it a label', async () => {
    const held = await acquire()
    const lease = await env.client.get(Lease, key)
    await env.client.patch(lease, mergePatch({ metadata: { labels: { team: 'blue' } } }))
    await env.clock.advance(60_000)
    expect(held.signal.aborted).toBe(false)
    expect(await env.client.get(Lease, key)).toMatchObject({
      metadata: { labels: { team: 'blue' } },
      spec: { renewTime: microTime(60_000) },
    })
  })

  it('is given back though somebody gave it a label', async () => {
    const held = await acquire()
    const lease = await env.client.get(Lease, key)
    await env.client.patch(lease, mergePatch({ metadata: { labels: { team: 'blue' } } }))
    await held.release()
    expect(await lock().tryAcquire()).toBeDefined()
  })

  it('is lost with the next renewal when somebody else takes it, and left to them', async () => {
    const held = await acquire()
    await env.client.patch(
      await env.client.get(Lease, key),
      mergePatch({ spec: { holderIdentity: 'elsewhere_1' } }),
    )
    expect(held.signal.aborted).toBe(false)
    await env.clock.advance(2000)
    expect(held.signal.aborted).toBe(true)
    await held.release()
    expect((await spec()).holderIdentity).toBe('elsewhere_1')
  })

  it('is lost with the next renewal when it was deleted', async () => {
    const held = await acquire()
    await env.client.delete(Lease, key)
    await env.clock.advance(2000)
    expect(held.signal.aborted).toBe(true)
  })

  it('is given back without an error when it was deleted', async () => {
    const held = await acquire()
    await env.client.delete(Lease, key)
    await held.release()
    expect(await lock().tryAcquire()).toBeDefined()
  })

  it('is lost when it was deleted and somebody else has made it anew', async () => {
    const held = await acquire()
    await env.client.delete(Lease, key)
    await holdElsewhere()
    await env.clock.advance(2000)
    expect(held.signal.aborted).toBe(true)
    expect((await spec()).holderIdentity).toBe('elsewhere_7a5c')
  })

  it('is free at once when it is given back, and renewed no more', async () => {
    const held = await acquire()
    await held.release()
    expect(await spec()).toMatchObject({ leaseDurationSeconds: 1 })
    expect((await spec()).holderIdentity ?? '').toBe('')
    expect(env.clock.pendingTimers).toBe(0)
    const next = await acquire()
    await next.release()
  })

  it('runs out when it is only left alone', async () => {
    const held = await acquire()
    held.keep()
    const waiting = lock()
    expect(await waiting.tryAcquire()).toBeUndefined()
    await env.clock.advance(15_000)
    expect(await waiting.tryAcquire()).toBeDefined()
  })
})

describe('a Lease that is removed', () => {
  it('is gone, and free', async () => {
    const held = await acquire()
    await held.remove()
    await expect(env.client.get(Lease, key)).rejects.toSatisfy(isNotFound)
    await acquire()
  })

  it('is gone also if somebody gave it a label meanwhile', async () => {
    const held = await acquire()
    await env.client.patch(
      await env.client.get(Lease, key),
      mergePatch({ metadata: { labels: { seen: 'yes' } } }),
    )
    await held.remove()
    await expect(env.client.get(Lease, key)).rejects.toSatisfy(isNotFound)
  })

  it('stays if it is somebody else who has it now', async () => {
    const held = await acquire()
    await env.client.delete(Lease, key)
    await holdElsewhere()
    await held.remove()
    expect(await spec()).toMatchObject({ holderIdentity: 'elsewhere_7a5c' })
  })
})
