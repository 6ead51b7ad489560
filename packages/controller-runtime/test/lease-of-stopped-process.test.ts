import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRuntime, type Runtime } from '@k1s/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { defaultLeaseTimes, Lease } from '../src/leader-election/lease.ts'
import { LeaseLock } from '../src/leader-election/lease-lock.ts'
import { newHolderIdentity } from '../src/leader-election/process-identity.ts'
import { ManualClock } from './manual-clock.ts'

let runtime: Runtime
let holder: ChildProcess
beforeEach(async () => {
  runtime = await createRuntime({ storage: { type: 'memory' } })
  holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log()'])
  await once(holder.stdout!, 'data')
})
afterEach(async () => {
  holder.kill('SIGKILL')
  await runtime.close()
})

const fieldsOf = (pid: number) => {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** The identity that the other process would have. */
function identityOf(pid: number): string {
  const [host, , , place, id] = newHolderIdentity().split('_')
  return [host, pid, fieldsOf(pid)[19], place, id].join('_')
}

async function hasState(pid: number, isWanted: (state: string) => boolean): Promise<void> {
  while (!isWanted(fieldsOf(pid)[0]!)) await new Promise((resolve) => setTimeout(resolve, 2))
}

it.skipIf(process.platform !== 'linux')(
  'a holder that was stopped by a signal keeps its Lease, and has time to renew it when it goes on',
  async () => {
    const clock = new ManualClock()
    const { client } = runtime
    const name = { namespace: 'kube-system', name: 'test' }
    const pid = holder.pid!
    await client.create({
      apiVersion: 'coordination.k8s.io/v1',
      kind: Lease.kind,
      metadata: name,
      spec: { holderIdentity: identityOf(pid), leaseDurationSeconds: 15 },
    })
    const lock = new LeaseLock({ client, clock, ...name, ...defaultLeaseTimes })
    expect(await lock.tryAcquire()).toBeUndefined()

    holder.kill('SIGSTOP')
    await hasState(pid, (state) => state === 'T')
    clock.advance(60_000)
    expect(await lock.tryAcquire()).toBeUndefined()

    holder.kill('SIGCONT')
    await hasState(pid, (state) => state !== 'T')
    expect(await lock.tryAcquire()).toBeUndefined()
    clock.advance(14_000)
    expect(await lock.tryAcquire()).toBeUndefined()
    clock.advance(1_000)
    const held = await lock.tryAcquire()
    expect(held?.isHeld()).toBe(true)
    await held?.release()
  },
)

it.skipIf(process.platform !== 'linux')(
  'a living holder that does not renew its Lease is waited for as long as is asked for',
  async () => {
    const clock = new ManualClock()
    const { client } = runtime
    const name = { namespace: 'kube-system', name: 'test' }
    await client.create({
      apiVersion: 'coordination.k8s.io/v1',
      kind: Lease.kind,
      metadata: name,
      spec: { holderIdentity: identityOf(holder.pid!), leaseDurationSeconds: 15 },
    })
    const lock = new LeaseLock({ client, clock, ...name, ...defaultLeaseTimes, livingPatience: 60_000 })
    expect(await lock.tryAcquire()).toBeUndefined()
    clock.advance(59_999)
    expect(await lock.tryAcquire()).toBeUndefined()
    clock.advance(1)
    const held = await lock.tryAcquire()
    expect(held?.isHeld()).toBe(true)
    await held?.release()
  },
)
