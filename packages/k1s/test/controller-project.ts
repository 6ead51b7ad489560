import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CliSandbox } from './cli-process.ts'

const workspace = fileURLToPath(new URL('../../../', import.meta.url))

/** A controller of ConfigMaps, whose data say what the reconcile does: `fail`, `slow` (ms), `requeue` (a duration). */
const controllersOf = (trace: string) => `
import { appendFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { newControllerManagedBy } from '@k1s/controller-runtime'
import { mergePatch } from 'k1s'

const core = { group: '', version: 'v1', namespaced: true }
export const ConfigMap = { ...core, kind: 'ConfigMap', plural: 'configmaps' }
export const Secret = { ...core, kind: 'Secret', plural: 'secrets' }
export const Quota = { ...core, kind: 'ResourceQuota', plural: 'resourcequotas' }

const trace = (event, name) => appendFileSync(${JSON.stringify(trace)}, JSON.stringify({ event, name, pid: process.pid }) + '\\n')

/** Counts in the annotation seen how often a ConfigMap was reconciled after a change of its data. */
export function addColors(manager) {
  newControllerManagedBy(manager).for(ConfigMap).named('colors').complete(async (request, { log }) => {
    trace('begin', request.name)
    try {
      const found = await manager.client.get(ConfigMap, request).catch((error) => {
        if (error.code === 404) return undefined
        throw error
      })
      if (found === undefined) return
      const { fail, slow, requeue, color = '' } = found.data ?? {}
      if (fail) throw new Error(fail)
      if (slow) await setTimeout(Number(slow))
      log.info('seen', { color })
      const finalizers = found.metadata.finalizers ?? []
      if (found.metadata.deletionTimestamp && finalizers.length > 0) {
        await manager.client.patch(found, mergePatch({ metadata: { finalizers: [] } }))
      } else if (found.metadata.annotations?.seen !== color) {
        await manager.client.patch(found, mergePatch({ metadata: { annotations: { seen: color } } }))
      }
      if (requeue) return { requeueAfter: requeue }
    } finally {
      trace('end', request.name)
    }
  })
}

/** Nothing but a person starts it. */
export function addManual(manager) {
  newControllerManagedBy(manager).for(Secret).named('by-hand').withTrigger({ type: 'manual' }).complete(({ name }) => {
    trace('manual', name)
  })
}

/** Looks at Secrets once an hour. */
export function addHourly(manager) {
  const trigger = { type: 'periodic', every: '1h' }
  newControllerManagedBy(manager).for(Secret).named('hourly').withTrigger(trigger).complete(({ name }) => {
    trace('hourly', name)
  })
}

/** Writes a ConfigMap for each ResourceQuota. */
export function addChain(manager) {
  newControllerManagedBy(manager).for(Quota).named('chain').complete(async ({ name, namespace }) => {
    trace('chain', name)
    const metadata = { name: name + '-color', namespace }
    await manager.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { color: 'chained' } })
  })
}
`

/** A directory with a project that has controllers, and a store, for the built command line. */
export class ControllerProject extends CliSandbox {
  readonly trace = join(this.directory, 'trace')

  constructor() {
    super()
    mkdirSync(join(this.directory, 'node_modules'))
    symlinkSync(join(workspace, 'node_modules/@k1s'), join(this.directory, 'node_modules/@k1s'))
    symlinkSync(join(workspace, 'packages/k1s'), join(this.directory, 'node_modules/k1s'))
    this.file('package.json', '{"type":"module"}')
    this.file('controllers.js', controllersOf(this.trace))
    writeFileSync(this.trace, '')
  }

  /** Writes a `k1s.config.mjs` with these controllers, and more properties in JavaScript. */
  configure(names: readonly string[], properties = ''): string {
    return this.file(
      'k1s.config.mjs',
      `import { defineConfig } from '@k1s/controller-runtime/config'
export default defineConfig({
  async controllers(manager) {
    const controllers = await import('./controllers.js')
    for (const name of ${JSON.stringify(names)}) controllers['add' + name](manager)
  },
  // What controllers remember is in ConfigMaps too.
  manager: { namespaces: ['default'] },
  ${properties}
})
`,
    )
  }

  /** What reconcilers said in all processes, in order. */
  events(): { readonly event: string; readonly name: string; readonly pid: number }[] {
    const lines = readFileSync(this.trace, 'utf8').split('\n')
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
  }

  /** How often an object of this name began to be reconciled. */
  count(name: string): number {
    return this.events().filter(({ event, name: of }) => event !== 'end' && of === name).length
  }
}
