import { chmodSync, chownSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ControllerProject } from './controller-project.ts'
import { ServerProcess } from './server-process.ts'

let project: ControllerProject
beforeEach(() => {
  project = new ControllerProject()
})
afterEach(() => project.remove())

const create = (name: string, ...data: string[]) =>
  project.succeed(['create', 'configmap', name, ...data.map((pair) => `--from-literal=${pair}`)])
const seen = async (name: string) =>
  project.succeed(['get', 'cm', name, '-o', 'jsonpath={.metadata.annotations.seen}'])

describe('k1s controller run', () => {
  test('does what is due once, says so, and has nothing to do the next time', async () => {
    project.configure(['Colors', 'Manual'])
    await create('wall', 'color=red')
    expect(await project.succeed(['controller', 'run'])).toMatch(/^controller\/colors reconciled [12]\n$/)
    expect(await seen('wall')).toBe('red')
    expect(await project.succeed(['controller', 'run', '--once'])).toBe('controller/colors reconciled 0\n')
    await project.succeed(['patch', 'cm', 'wall', '-p', '{"data":{"color":"blue"}}'])
    await project.succeed(['controller', 'run'])
    expect(await seen('wall')).toBe('blue')
  })

  test('with names runs these alone, also those that nothing triggers', async () => {
    project.configure(['Colors', 'Manual'])
    await create('wall', 'color=red')
    await project.succeed(['create', 'secret', 'generic', 'key'])
    expect(await project.succeed(['controller', 'run', 'by-hand', '-o', 'name'])).toBe('controller/by-hand\n')
    expect(project.events()).toMatchObject([{ event: 'manual', name: 'key' }])
    expect(await project.run(['controller', 'run', 'by-foot'])).toMatchObject({
      code: 1,
      stderr: 'error: there is no controller "by-foot"; there are: colors, by-hand\n',
    })
  })

  test('fails with the object and the reason if a reconcile failed, and says when it is tried again', async () => {
    project.configure(['Colors'])
    await create('bad', 'fail=no paint left')
    await create('good', 'color=red')
    const { code, stdout, stderr } = await project.run(['controller', 'run'])
    expect(stdout).toMatch(/^controller\/colors reconciled \d+ \(\d+ failed\), 1 pending, next in \d+s\n$/)
    expect(stderr).toBe('error: controller/colors: default/bad: no paint left\n')
    expect(code).toBe(1)
    expect(await seen('good')).toBe('red')
  })

  test('with nothing to do, says what waits for its time', async () => {
    project.configure(['Colors'])
    await create('later', 'requeue=1h')
    await project.succeed(['controller', 'run'])
    const { controllers } = JSON.parse(await project.succeed(['controller', 'run', '-o', 'json']))
    expect(controllers).toMatchObject([{ controller: 'colors', outcome: 'idle', reconciles: 0, pending: 1 }])
    expect(Date.parse(controllers[0].nextDue)).toBeGreaterThan(Date.now())
  })

  test('--until-idle waits for what is due later, up to the deadline', async () => {
    project.configure(['Colors'])
    await create('later', 'requeue=1h')
    const { code, stdout } = await project.run(['controller', 'run', '--until-idle', '--deadline=300ms'])
    expect(stdout).toMatch(
      /^controller\/colors reconciled \d+, interrupted by the deadline, 1 pending, next in \d+m\n$/,
    )
    expect(code).toBe(1)
    const report = await project.run(['controller', 'run', '--until-idle', '--deadline=300ms', '-o', 'json'])
    expect(JSON.parse(report.stdout).controllers).toMatchObject([
      { outcome: 'interrupted', interruptedBy: 'deadline' },
    ])
  })

  test('after a signal waits for what is under way, and leaves the rest to the next run', async () => {
    project.configure(['Colors'])
    await create('first', 'slow=500', 'color=red')
    await create('second', 'slow=500', 'color=red')
    const run = project.start(['controller', 'run'])
    await vi.waitUntil(() => project.events().length > 0, { timeout: 10_000 })
    run.process.kill('SIGTERM')
    const { code, stdout, stderr } = await run.result
    expect(code).toBe(143)
    expect(stderr).toContain('Stopping after SIGTERM: reconciles under way have 30s to finish.')
    expect(stdout).toContain('interrupted by SIGTERM')
    expect(project.events().map(({ event }) => event)).toEqual(['begin', 'end'])
    await project.succeed(['controller', 'run'])
    expect([await seen('first'), await seen('second')]).toEqual(['red', 'red'])
  })

  test('a second signal ends it at once, and the next run does the work again', async () => {
    project.configure(['Colors'])
    await create('wall', 'slow=60000', 'color=red')
    const run = project.start(['controller', 'run'])
    await vi.waitUntil(() => project.events().length > 0, { timeout: 10_000 })
    run.process.kill('SIGINT')
    await vi.waitUntil(() => run.stderr.includes('Stopping after SIGINT'), { timeout: 10_000 })
    run.process.kill('SIGINT')
    expect(await run.result).toMatchObject({ code: 130 })
    await project.succeed(['patch', 'cm', 'wall', '-p', '{"data":{"slow":"0"}}'])
    await project.succeed(['controller', 'run'])
    expect(await seen('wall')).toBe('red')
  })

  test('reports what did not end within --shutdown-timeout', async () => {
    project.configure(['Colors'])
    await create('wall', 'slow=60000')
    const run = project.start(['controller', 'run', '--shutdown-timeout=200ms'])
    await vi.waitUntil(() => project.events().length > 0, { timeout: 10_000 })
    run.process.kill('SIGTERM')
    expect(await run.result).toMatchObject({
      code: 143,
      stdout: expect.stringMatching(/reconciled 0, interrupted by SIGTERM, 1 pending, next now/),
    })
  })

  test('--every runs again and again until a signal, which is a good end', async () => {
    project.configure(['Colors'])
    const run = project.start(['controller', 'run', '--every=200ms'])
    await run.printed('reconciled 0')
    await create('wall', 'color=red')
    await run.printed('reconciled 2')
    run.process.kill('SIGINT')
    expect(await run.result).toMatchObject({ code: 0 })
    expect(await seen('wall')).toBe('red')
  })

  test('--follow reconciles what other processes write, until a signal', async () => {
    project.configure(['Colors'])
    const run = project.start(['controller', 'run', '--follow'])
    await create('wall', 'color=red')
    await vi.waitUntil(async () => (await seen('wall')) === 'red', { timeout: 10_000, interval: 100 })
    await project.succeed(['patch', 'cm', 'wall', '-p', '{"data":{"color":"blue"}}'])
    await vi.waitUntil(async () => (await seen('wall')) === 'blue', { timeout: 10_000, interval: 100 })
    run.process.kill('SIGTERM')
    const { code, stderr } = await run.result
    expect(code).toBe(0)
    const lines = stderr.split('\n').filter((line) => line.startsWith('{'))
    const logged = lines.map((line) => JSON.parse(line))
    expect(logged).toContainEqual(
      expect.objectContaining({ level: 'info', msg: 'seen', controller: 'colors', color: 'blue' }),
    )
    expect(new Set(logged.map(({ msg }) => msg))).toEqual(new Set(['seen']))
  })

  test.each(['--every=200ms', '--follow'])(
    '%s ends with an error when its store is taken away',
    async (flag) => {
      project.configure(['Colors'])
      const run = project.start(['controller', 'run', flag])
      await create('wall', 'color=red')
      await vi.waitUntil(async () => (await seen('wall')) === 'red', { timeout: 10_000, interval: 100 })
      rmSync(project.dataDirectory, { recursive: true })
      const { code, stderr } = await run.result
      expect(code).toBe(1)
      expect(stderr.trimEnd().split('\n').at(-1)).toBe(
        `Error from server (ServiceUnavailable): the store at ${project.dataDirectory} was removed while it was open`,
      )
    },
  )

  test('with a name has a controller that --follow only runs every hour, which goes on with it', async () => {
    project.configure(['Hourly'])
    const following = project.start(['controller', 'run', '--follow'])
    const listed = (what: RegExp) =>
      vi.waitUntil(async () => what.test(await project.succeed(['controller', 'list'])), {
        timeout: 10_000,
        interval: 100,
      })
    const held = new RegExp(`/${following.process.pid} +0 +in \\d+m`)
    await listed(held)
    await project.succeed(['create', 'secret', 'generic', 'key'])
    expect(await project.succeed(['controller', 'run', 'hourly', '--deadline=20s'])).toMatch(
      /^controller\/hourly reconciled 1, next in \d+m\n$/,
    )
    expect(project.events()).toMatchObject([{ event: 'hourly', name: 'key' }])
    await listed(held)
    following.process.kill('SIGTERM')
    expect(await following.result).toMatchObject({ code: 0 })
  })

  test('--follow says which controllers run, and which only do by name', async () => {
    const follow = async (...names: string[]) => {
      project.configure(names)
      const run = project.start(['controller', 'run', '--follow'])
      await vi.waitUntil(() => run.stderr.includes('\n'), { timeout: 10_000 })
      run.process.kill('SIGTERM')
      return (await run.result).stderr.split('\n')[0]
    }
    expect(await follow('Colors', 'Chain')).toBe('Following with 2 controllers: colors, chain')
    expect(await follow('Colors', 'Manual')).toBe(
      'Following with 1 controller: colors; not with by-hand, whose only trigger is manual',
    )
    expect(await follow('Manual')).toBe(
      'Following with 0 controllers; not with by-hand, whose only trigger is manual',
    )
    expect(await project.succeed(['controller', 'run', '--help'])).toContain(
      '\n  k1s controller run ([NAME ...] [--once | --until-idle | --every=30s] | --follow) [options]\n',
    )
  })

  test('two at once never reconcile one object together, and all is done when both have ended', async () => {
    project.configure(['Colors'])
    const names = ['a', 'b', 'c', 'd']
    for (const name of names) await create(name, 'slow=40', 'color=red')
    const results = await Promise.all([1, 2, 3].map(() => project.run(['controller', 'run'])))
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0])
    const underWay = new Set<string>()
    for (const { event, name } of project.events()) {
      if (event === 'end') underWay.delete(name)
      else {
        expect(underWay).not.toContain(name)
        underWay.add(name)
      }
    }
    expect(await Promise.all(names.map(seen))).toEqual(names.map(() => 'red'))
  })

  test.skipIf(process.platform !== 'linux')(
    'says which process it has waited for, and that this one was stopped',
    async () => {
      project.configure(['Colors'])
      await create('wall', 'slow=60000')
      const holder = project.start(['controller', 'run'])
      await vi.waitUntil(() => project.events().length > 0, { timeout: 10_000 })
      const { pid } = holder.process
      const wait = (...args: string[]) => project.run(['controller', 'run', '--deadline=300ms', ...args])
      const { code, stdout } = await wait()
      expect(stdout).toMatch(
        new RegExp(
          `^controller/colors reconciled 0, interrupted by the deadline, held by [^ ]+/${pid}(, 1 pending, next now)?\\n$`,
        ),
      )
      expect(code).toBe(1)
      holder.process.kill('SIGSTOP')
      expect((await wait()).stdout).toContain(`/${pid} (stopped)`)
      const { controllers } = JSON.parse((await wait('-o', 'json')).stdout)
      expect(controllers).toMatchObject([
        {
          outcome: 'interrupted',
          holder: expect.stringContaining(`_${pid}_`),
          holderProcess: { host: expect.any(String), pid, state: 'stopped' },
        },
      ])
      holder.process.kill('SIGKILL')
      await holder.result
    },
  )

  test('flags that contradict each other are refused', async () => {
    project.configure(['Colors'])
    const refused = async (...args: string[]) => (await project.run(['controller', 'run', ...args])).stderr
    expect(await refused('--once', '--every=1s')).toBe(
      'error: --once and --every cannot be specified together\n',
    )
    expect(await refused('colors', '--follow')).toBe(
      'error: --follow runs all controllers: it cannot be used with names\n',
    )
    expect(await refused('-o', 'table')).toContain('unable to match a printer')
  })

  test('works on an API server in place of the store', async () => {
    const server = new ServerProcess('memory')
    try {
      await server.start()
      project.configure(['Colors'])
      const there = ['--kubeconfig', server.kubeconfig]
      await project.succeed(['create', 'configmap', 'wall', '--from-literal=color=red', ...there])
      const done = await project.succeed(['controller', 'run', ...there])
      expect(done).toMatch(/^controller\/colors reconciled [12]\n$/)
      expect(await project.succeed(['get', 'cm', 'wall', '-o', 'yaml', ...there])).toContain('seen: red')
      expect(await project.succeed(['controller', 'list', ...there])).toMatch(/colors +event +<none> +0/)
    } finally {
      await server.stop()
      server.sandbox.remove()
    }
  })
})

describe('k1s controller list and reset', () => {
  test('show the controllers with what is pending, and have one look at everything again', async () => {
    project.configure(['Colors', 'Manual'])
    expect(await project.succeed(['controller', 'list'])).toBe(
      'NAME      TRIGGERS   HOLDER   PENDING   NEXT DUE   LAST RUN\n' +
        'colors    event      <none>   0         <none>     <never>\n' +
        'by-hand   manual     <none>   0         <none>     <never>\n',
    )
    await create('later', 'requeue=1h')
    await project.succeed(['controller', 'run'])
    expect(await project.succeed(['controller', 'list', '--no-headers'])).toMatch(
      /^colors +event +<none> +1 +in (59m|60m) +\d+s ago\n/,
    )
    const { items } = JSON.parse(await project.succeed(['controller', 'list', '-o', 'json']))
    expect(items[0]).toMatchObject({ controller: 'colors', resources: ['configmaps'], pending: 1 })
    const before = project.count('later')
    expect(await project.succeed(['controller', 'reset', 'colors'])).toBe('controller/colors reset\n')
    expect(await project.succeed(['controller', 'list', '--no-headers'])).toMatch(
      /^colors +event +<none> +0 +<none> +<never>\n/,
    )
    await project.succeed(['controller', 'run'])
    expect(project.count('later')).toBeGreaterThan(before)
  })

  test('reset and run take names as list prints them', async () => {
    project.configure(['Colors', 'Manual'])
    await create('wall', 'color=red')
    const names = (await project.succeed(['controller', 'list', '-o', 'name'])).trim().split('\n')
    expect(await project.succeed(['controller', 'run', ...names, '-o', 'name'])).toBe(
      'controller/colors\ncontroller/by-hand\n',
    )
    expect(await project.succeed(['controller', 'reset', ...names])).toBe(
      'controller/colors reset\ncontroller/by-hand reset\n',
    )
    expect((await project.run(['controller', 'reset', 'pod/colors'])).stderr).toBe(
      'error: there is no controller "pod/colors"; there are: colors, by-hand\n',
    )
  })

  test('a controller that is running is shown with its holder, and cannot be reset', async () => {
    project.configure(['Colors'])
    await create('wall', 'slow=60000')
    const run = project.start(['controller', 'run', '--shutdown-timeout=0s'])
    await vi.waitUntil(() => project.events().length > 0, { timeout: 10_000 })
    const { items } = JSON.parse(await project.succeed(['controller', 'list', '-o', 'json']))
    const { pid } = run.process
    expect(items[0].holder).toContain(`_${pid}_`)
    expect(items[0].holderProcess).toEqual({ host: expect.any(String), pid, state: 'alive' })
    const { host } = items[0].holderProcess
    const list = (...args: string[]) => project.succeed(['controller', 'list', '--no-headers', ...args])
    expect(await list()).toContain(` ${host}/${pid} `)
    expect(await list('-o', 'wide')).toContain(` ${items[0].holder} `)
    expect(await project.run(['controller', 'reset', 'colors'])).toMatchObject({
      code: 1,
      stderr: 'error: controller colors is running in another process\n',
    })
    run.process.kill('SIGKILL')
    await run.result
    expect(await list()).toMatch(/^colors +event +<none> /)
    expect(await list('-o', 'wide')).toContain(` ${items[0].holder} `)
    const { items: later } = JSON.parse(await list('-o', 'json'))
    expect(later[0].holderProcess).toEqual({ host, pid, state: 'dead' })
  })
})

describe('the configuration of a project', () => {
  const names = async (options: Parameters<ControllerProject['run']>[1] = {}, ...args: string[]) =>
    project.run(['controller', 'list', '-o', 'name', ...args], options)

  test('is found above the working directory, or where a flag or the environment says', async () => {
    project.configure(['Colors'])
    mkdirSync(join(project.directory, 'a/b'), { recursive: true })
    expect(await names({ cwd: join(project.directory, 'a/b') })).toMatchObject({
      code: 0,
      stdout: 'controller/colors\n',
    })
    const file = join(project.directory, 'k1s.config.mjs')
    expect((await names({ cwd: '/' }, '--project-config', file)).stdout).toBe('controller/colors\n')
    expect((await names({ cwd: '/', env: { K1S_PROJECT_CONFIG: file } })).stdout).toBe('controller/colors\n')
    expect((await names({ cwd: '/' })).stderr).toBe(
      'error: there is no k1s.config.ts (or .mts, .js, .mjs, .cjs) in / or above it: name one with --project-config or $K1S_PROJECT_CONFIG\n',
    )
    expect((await names({ cwd: '/' }, '--project-config=none.ts')).stderr).toBe(
      'error: --project-config: there is no file /none.ts\n',
    )
  })

  test('may be in TypeScript, with further files in TypeScript', async () => {
    project.file(
      'more.ts',
      'export enum Names { Colors = "Colors" }\nexport interface Wanted { readonly names: readonly Names[] }\n',
    )
    project.file(
      'k1s.config.ts',
      `import { defineConfig } from '@k1s/controller-runtime/config'
import type { Manager } from '@k1s/controller-runtime'
import { Names, type Wanted } from './more.ts'

const wanted: Wanted = { names: [Names.Colors] }
export default defineConfig({
  async controllers(manager: Manager): Promise<void> {
    const controllers = (await import('./controllers.js')) as Record<string, (manager: Manager) => void>
    for (const name of wanted.names) controllers['add' + name]!(manager)
  },
})
`,
    )
    expect(await names()).toMatchObject({ code: 0, stdout: 'controller/colors\n', stderr: '' })
  })

  test('may be a CommonJS module', async () => {
    project.file(
      'k1s.config.cjs',
      `module.exports = (async () => 0) && require('@k1s/controller-runtime/config').defineConfig({
  async controllers(manager) { (await import('./controllers.js')).addColors(manager) },
})`,
    )
    expect(await names()).toMatchObject({ code: 0, stdout: 'controller/colors\n', stderr: '' })
  })

  test.each([
    ['mjs', 'export default {\n  a: 1,\n  b: ,\n}', 'k1s.config.mjs:3: SyntaxError: Unexpected token'],
    ['ts', 'export default {\n  a: 1,\n  b: ,\n}', 'k1s.config.ts:3:'],
    ['mjs', '\nnull.x\n', 'k1s.config.mjs:2:6: TypeError: Cannot read properties of null'],
    ['ts', '\n;(null as any).x\n', 'k1s.config.ts:2: TypeError: Cannot read properties of null'],
    ['mjs', 'import "nothing-like-it"', "k1s.config.mjs: Cannot find package 'nothing-like-it'"],
    ['mjs', 'export default {}', 'k1s.config.mjs: its default export is not what defineConfig()'],
    [
      'mjs',
      `import { defineConfig } from '@k1s/controller-runtime/config'
export default defineConfig({ controllers: [] })`,
      'k1s.config.mjs:2:16: TypeError: defineConfig: controllers must be a function that adds controllers to a manager',
    ],
    [
      'mjs',
      `import { defineConfig } from '@k1s/controller-runtime/config'
const fail = () => { throw new Error('not today') }
export default defineConfig({ controllers() { fail() } })`,
      'k1s.config.mjs:2:28: not today\n    at fail (',
    ],
    [
      'mjs',
      `import { defineConfig } from '@k1s/controller-runtime/config'
import { addColors } from './controllers.js'
export default defineConfig({ async controllers(manager) {
  await null
  addColors(manager)
  manager.cache.indexField({ group: '', version: 'v1', kind: 'Secret' }, 'a', () => [])
  manager.cache.indexField({ group: '', version: 'v1', kind: 'Secret' }, 'a', () => [])
} })`,
      'k1s.config.mjs:7:17: indexer conflict: Secret has an index a already\n    at Object.controllers (',
    ],
    [
      'ts',
      `import { defineConfig } from '@k1s/controller-runtime/config'
enum Compiled { Always }
async function fail(): Promise<void> { await null; throw new Error('not today' as string) }
export default defineConfig({ async controllers() { await fail() } })`,
      'k1s.config.ts:3: not today\n    at fail (',
    ],
  ])(
    'that is wrong (.%s: %j) is told with its place, and without the stack of k1s',
    async (extension, text, message) => {
      project.file(`k1s.config.${extension}`, text)
      const { code, stdout, stderr } = await names()
      expect(stderr).toContain(`error: ${join(project.directory, message)}`)
      expect(stderr).not.toMatch(/node:internal|bundle|jiti|bug in k1s|createManager|\/packages\//)
      expect([code, stdout]).toEqual([1, ''])
    },
  )

  test('that breaks while controllers run is told in the same way', async () => {
    project.file(
      'k1s.config.mjs',
      `import { defineConfig } from '@k1s/controller-runtime/config'
const start = async () => {
  await null
  null.x
}
export default defineConfig({ controllers(manager) { manager.add({ start }) } })`,
    )
    const { code, stderr } = await project.run(['controller', 'run', '--follow'])
    const file = join(project.directory, 'k1s.config.mjs')
    expect(stderr).toBe(
      'Following with 0 controllers\n' +
        `error: ${file}:4:8: TypeError: Cannot read properties of null (reading 'x')\n` +
        `    at Object.start (file://${file}:4:8)\n`,
    )
    expect(code).toBe(1)
  })

  test('is not run if it was found by itself and others can write it', async () => {
    const file = project.configure(['Colors'])
    chmodSync(file, 0o666)
    expect(await names()).toMatchObject({
      code: 1,
      stderr: `error: ${file} can be written by everyone, so it is not run: chmod o-w ${file}\n`,
    })
    expect((await names({}, '--project-config', file)).stdout).toBe('controller/colors\n')
  })

  test.skipIf(process.getuid?.() !== 0)(
    'is not run if it was found by itself and belongs to another user',
    async () => {
      const file = project.configure(['Colors'])
      chownSync(file, 65_534, 65_534)
      const { code, stderr } = await names()
      expect(stderr).toContain(`error: ${file} belongs to another user, so it is not run`)
      expect(code).toBe(1)
    },
  )
})
