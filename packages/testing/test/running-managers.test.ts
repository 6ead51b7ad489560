import { setTimeout as wait } from 'node:timers/promises'
import { newControllerManagedBy, type ReconcileFunction } from '@k1s/controller-runtime'
import { defineKind } from '@k1s/core'
import { createTestEnvironment, eventually, type TestEnvironmentOptions } from '@k1s/testing'
import { expect, test } from 'vitest'

const Item = defineKind({ group: 'a.dev', version: 'v1', kind: 'Item', plural: 'items', namespaced: true })
const objects = [{ apiVersion: 'a.dev/v1', kind: 'Item', metadata: { name: 'a' } }]

/** An environment with twelve controllers that run, and that nobody stops. */
async function leaveRunning(
  reconcile: ReconcileFunction,
  clock: TestEnvironmentOptions['clock'] | undefined,
  close: (env: { close(): Promise<void> }) => Promise<void> = (env) => env.close(),
) {
  const env = await createTestEnvironment({ kinds: [Item], objects, ...(clock && { clock }) })
  const manager = env.manager({ leaderElection: { id: 'web', namespace: 'default' } })
  let begun = 0
  for (let index = 0; index < 12; index++) {
    newControllerManagedBy(manager)
      .for(Item)
      .named(`item-${index}`)
      .complete((request, context) => {
        begun++
        return reconcile(request, context)
      })
  }
  const ended = manager.start(new AbortController().signal)
  await eventually(() => expect(begun).toBe(12))
  await close(env)
  await ended
  return env
}

test.each([undefined, 'fake' as const])(
  'an environment ends the managers that run in it, also with reconciles under way (clock: %s)',
  async (clock) => {
    const reasons: unknown[] = []
    const env = await leaveRunning(
      (_, { signal }) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => {
            reasons.push(signal.reason)
            resolve(undefined)
          }),
        ),
      clock,
    )
    expect(reasons.length).toBe(12)
    expect(env.logs.filter(({ level }) => level === 'error')).toEqual([])
  },
)

test('an environment may be closed twice, and while it closes', async () => {
  await leaveRunning(
    () => undefined,
    undefined,
    async (env) => {
      await Promise.all([env.close(), env.close()])
      await env.close()
    },
  )
})

test('a reconcile that heeds no signal is said to go on, and holds up no environment for longer than a second', async () => {
  const never = () => new Promise<undefined>(() => undefined)
  const warnings: Error[] = []
  const onWarning = (warning: Error) => warnings.push(warning)
  process.on('warning', onWarning)
  await expect(leaveRunning(never, undefined)).rejects.toThrow('failed waiting for all runnables to end')
  await wait(10)
  process.removeListener('warning', onWarning)
  expect(warnings).toEqual([])
})
