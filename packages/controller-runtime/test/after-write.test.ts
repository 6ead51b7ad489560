import { type KubernetesObject, parseDuration } from '@k1s/apimachinery'
import { createRuntime, type Runtime } from '@k1s/core'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newControllerManagedBy } from '../src/builder/controller-builder.ts'
import { type AfterWriteConfig, defineConfig } from '../src/config/index.ts'
import { afterWrite } from '../src/hook/after-write.ts'
import type { Manager } from '../src/manager/manager.ts'
import { newManager } from '../src/manager/new-manager.ts'

const core = { group: '', version: 'v1', namespaced: true }
const Secret = { ...core, kind: 'Secret', plural: 'secrets' }
const Quota = { ...core, kind: 'ResourceQuota', plural: 'resourcequotas' }
const Account = { ...core, kind: 'ServiceAccount', plural: 'serviceaccounts' }

const silent = { debug() {}, info() {}, error() {}, withName: () => silent, withValues: () => silent }

let runtime: Runtime
let reconciled: string[]
beforeEach(async () => {
  runtime = await createRuntime({ storage: { type: 'memory' } })
  reconciled = []
})
afterEach(() => runtime.close())

const create = (kind: string, name: string) =>
  runtime.client.create({ apiVersion: 'v1', kind, metadata: { name } } as KubernetesObject)

/** `quotas` writes a Secret for each quota, which `secrets` watches; nobody starts `by-hand`. */
function addControllers(manager: Manager): void {
  const note = (controller: string) => (request: { name: string }) => {
    reconciled.push(`${controller} ${request.name}`)
  }
  newControllerManagedBy(manager)
    .for(Quota)
    .named('quotas')
    .complete(async (request) => {
      note('quotas')(request)
      await create('Secret', `of-${request.name}`)
    })
  newControllerManagedBy(manager).for(Secret).named('secrets').complete(note('secrets'))
  newControllerManagedBy(manager)
    .for(Account)
    .named('hourly')
    .withTrigger({ type: 'periodic', every: '1h' })
    .complete(note('hourly'))
  newControllerManagedBy(manager)
    .for(Account)
    .named('by-hand')
    .withTrigger({ type: 'manual' })
    .complete(note('by-hand'))
}

function controlled(): Manager {
  const manager = newManager(runtime, { logger: silent })
  addControllers(manager)
  return manager
}

describe('afterWrite', () => {
  it('runs the controllers that watch what was written, and no others', async () => {
    const manager = controlled()
    await create('Secret', 'key')
    const report = await afterWrite(manager, { kinds: [Secret] })
    expect(reconciled).toEqual(['secrets key'])
    expect(report.controllers[0]).toMatchObject({ controller: 'secrets', outcome: 'idle', reconciles: 1 })
  })

  it('goes on with those that the first ones concern, and reports each once', async () => {
    const manager = controlled()
    await create('ResourceQuota', 'team')
    const report = await afterWrite(manager, { kinds: [Quota] })
    expect(reconciled).toEqual(['quotas team', 'secrets of-team'])
    expect(report.controllers).toMatchObject([
      { controller: 'quotas', reconciles: 1 },
      { controller: 'secrets', reconciles: 1 },
    ])
  })

  it('does nothing if no controller watches what was written', async () => {
    const manager = controlled()
    await create('Secret', 'key')
    expect((await afterWrite(manager, { kinds: [Account] })).controllers).toEqual([])
    expect(reconciled).toEqual([])
  })

  it('looks for all that events trigger if nobody says what was written', async () => {
    const manager = controlled()
    await create('Secret', 'key')
    await afterWrite(manager)
    expect(reconciled).toEqual(['secrets key'])
  })

  it('runs what is due by any trigger with `all`, and those that are named', async () => {
    const manager = controlled()
    await create('ServiceAccount', 'robot')
    await afterWrite(manager, { kinds: [Account], controllers: 'all' })
    expect(reconciled).toContain('hourly robot')
    expect(reconciled).not.toContain('by-hand robot')
    await afterWrite(manager, { kinds: [Account], controllers: ['by-hand'] })
    expect(reconciled).toContain('by-hand robot')
  })

  it('keeps what is left at the deadline for the next run', async () => {
    const manager = newManager(runtime, { logger: silent })
    let isSlow = true
    newControllerManagedBy(manager)
      .for(Secret)
      .complete(async ({ name }, { signal }) => {
        if (isSlow) await new Promise((resolve) => signal.addEventListener('abort', resolve))
        else reconciled.push(name)
      })
    await create('Secret', 'a')
    await create('Secret', 'b')
    const report = await afterWrite(manager, { kinds: [Secret], deadline: '20ms' })
    expect(report.controllers).toMatchObject([{ outcome: 'interrupted', pending: 1 }])
    isSlow = false
    await afterWrite(manager, { kinds: [Secret] })
    expect(reconciled).toEqual(['b'])
  })
})

describe('defineConfig', () => {
  it('makes a manager with the controllers, on kinds that it registers', async () => {
    const Item = { ...core, group: 'example.com', kind: 'Item', plural: 'items' }
    const config = defineConfig({ kinds: [Item], controllers: addControllers, manager: { logger: silent } })
    const manager = await config.createManager(runtime)
    expect(manager.controllers.map(({ name }) => name)).toEqual(['quotas', 'secrets', 'hourly', 'by-hand'])
    expect(await runtime.client.list(Item)).toMatchObject({ items: [] })
  })

  it('tells what is known of controllers, and forgets it', async () => {
    const config = defineConfig({ controllers: addControllers, manager: { logger: silent } })
    const manager = await config.createManager(runtime)
    const statusOf = async (name: string) =>
      (await config.controllerStatuses(manager)).find(({ controller }) => controller === name)
    expect(await statusOf('secrets')).toMatchObject({
      resourceVersions: {},
      holder: undefined,
      lastRun: undefined,
    })
    await create('Secret', 'key')
    await config.runAfterWrite(manager, { kinds: [Secret] })
    expect(await statusOf('secrets')).toMatchObject({
      resources: ['secrets'],
      resourceVersions: { secrets: expect.stringMatching(/^\d+$/) },
      lastRun: expect.any(Number),
      holder: undefined,
    })
    await config.resetController(manager, 'secrets')
    expect(await statusOf('secrets')).toMatchObject({ resourceVersions: {} })
    await manager.runOnce({ controllers: ['secrets'] })
    expect(reconciled).toEqual(['secrets key', 'secrets key'])
  })

  it.each([
    [
      { commands: ['aply'] },
      /^defineConfig: afterWrite.commands: "aply" is no command that writes; there are: apply, /,
    ],
    [{ commands: 'apply' }, 'defineConfig: afterWrite.commands must be an array of names of commands'],
    [{ resources: [Secret] }, /^defineConfig: afterWrite.resources must be an array of resources/],
    [{ controllers: 'some' }, /^defineConfig: afterWrite.controllers must be changed, all, or an array/],
    [{ deadline: '1 hour' }, /^defineConfig: afterWrite.deadline: "1 hour" is no length of time above 0/],
    [{ deadline: '0s' }, /^defineConfig: afterWrite.deadline: "0s" is no length of time above 0/],
    [{ deadline: Number.NaN }, /^defineConfig: afterWrite.deadline: NaN is no length/],
    [true, 'defineConfig: afterWrite must be an object'],
  ])('refuses an afterWrite of %j', (hook, message) => {
    const define = () => defineConfig({ controllers: addControllers, afterWrite: hook as AfterWriteConfig })
    expect(define).toThrow(TypeError)
    expect(define).toThrow(message)
  })

  it('takes as deadline what is a duration of Go above 0, and nothing else', () => {
    const part = fc.tuple(
      fc.constantFrom('', '0', '1', '20', '300'),
      fc.constantFrom('', '.', '.0', '.5', ' '),
      fc.constantFrom('', 'ns', 'us', 'µs', 'μs', 'ms', 's', 'm', 'h', 'd', 'toString'),
    )
    const text = fc
      .tuple(fc.constantFrom('', '', '+', '-'), fc.array(part, { maxLength: 3 }))
      .map(([sign, parts]) => sign + parts.flat().join(''))
      // Half a nanosecond is none.
      .filter((duration) => !duration.includes('.5ns'))
    const isPositive = (deadline: string) => {
      try {
        return parseDuration(deadline) > 0
      } catch {
        return false
      }
    }
    const isTaken = (deadline: string) => {
      try {
        defineConfig({ controllers: addControllers, afterWrite: { deadline } })
        return true
      } catch {
        return false
      }
    }
    fc.assert(fc.property(text, (deadline) => isTaken(deadline) === isPositive(deadline)))
  })
})
