import { mergePatch } from '@k1s/core'
import { describe, expect, it } from 'vitest'
import { eachTest, Item, item, itemManager } from './semantics.ts'

const setting = eachTest()

/** A manager that writes the quantity of each Item into its status. */
function copyingManager() {
  const manager = itemManager(setting.env, async (request) => {
    const found = await manager.client.get(Item, request)
    if (found.status?.seen === found.spec.quantity) return
    await manager.client.status.patch(found, mergePatch({ status: { seen: found.spec.quantity } }))
  })
  return manager
}

const start = (manager = copyingManager()) => {
  setting.running = manager.start(setting.stop.signal)
}

const isSeen = (name: string) =>
  setting.env.eventually(async () =>
    expect(await setting.env.client.get(Item, { name })).toMatchObject({ status: { seen: 1 } }),
  )

/** How a triggered run beside the running manager ends, which waits by the clock. */
async function runBeside() {
  const [report] = await Promise.all([
    copyingManager().runOnce({ deadline: '10s' }),
    setting.env.clock.advance('10s'),
  ])
  return report.controllers[0]
}

describe('a running manager', () => {
  it('reconciles what is there, and then what happens', async () => {
    await setting.env.client.create(item('a'))
    start()
    await isSeen('a')
    await setting.env.client.create(item('b'))
    await isSeen('b')
  })

  it('leaves nothing to do for a triggered run after it', async () => {
    await setting.env.client.create(item('a'))
    start()
    await isSeen('a')
    setting.stop.abort()
    await setting.running
    const { controllers } = await copyingManager().runOnce()
    expect(controllers[0]).toMatchObject({ outcome: 'idle', reconciles: 0 })
  })

  it('does the work for a triggered run that comes meanwhile', async () => {
    await setting.env.client.create(item('a'))
    start()
    await isSeen('a')
    await setting.env.client.create(item('b'))
    expect(await runBeside()).toMatchObject({ outcome: 'elsewhere', reconciles: 0 })
    await isSeen('b')
  })

  it('leaves nothing to do for a triggered run if its kind has no objects', async () => {
    start()
    expect(await runBeside()).toMatchObject({ outcome: expect.stringMatching(/^(idle|elsewhere)$/) })
  })

  it('runs a periodic controller at its time, and not for events', async () => {
    await setting.env.client.create(item('a'))
    const names: string[] = []
    start(
      itemManager(
        setting.env,
        ({ name }) => void names.push(name),
        (builder) => builder.withTrigger({ type: 'periodic', every: '1m' }),
      ),
    )
    await setting.env.eventually(() => expect(names).toEqual(['a']))
    await setting.env.client.create(item('b'))
    await setting.env.clock.advance('30s')
    expect(names).toEqual(['a'])
    await setting.env.clock.advance('30s')
    expect(names).toEqual(['a', 'a', 'b'])
  })
})
