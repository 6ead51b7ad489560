import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ControllerProject } from './controller-project.ts'
import { ServerProcess } from './server-process.ts'

let project: ControllerProject
beforeEach(() => {
  project = new ControllerProject()
})
afterEach(() => project.remove())

const configMap = (name: string, data: { [key: string]: string }, metadata: object = {}) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data })
const apply = (text: string, ...flags: string[]) =>
  project.run(['apply', '-f', '-', ...flags], { input: text })
const seen = async (name: string) =>
  project.succeed(['get', 'cm', name, '-o', 'jsonpath={.metadata.annotations.seen}'])

test('after a command that wrote, the controllers that it concerns run before it returns', async () => {
  project.configure(['Colors', 'Manual'], 'afterWrite: {},')
  const { code, stdout, stderr } = await apply(configMap('wall', { color: 'red' }))
  expect(stdout).toBe('configmap/wall created\n')
  expect(stderr).toMatch(/^controllers: colors reconciled [12]\n$/)
  expect(code).toBe(0)
  expect(await seen('wall')).toBe('red')
})

test('what the controllers write starts those that watch it', async () => {
  project.configure(['Chain', 'Colors'], 'afterWrite: {},')
  await project.succeed(['create', 'quota', 'team'])
  expect(await seen('team-color')).toBe('chained')
})

test('nothing runs after commands that read, that only try, or that write what no controller watches', async () => {
  project.configure(['Colors'], 'afterWrite: {},')
  await apply(configMap('wall', { color: 'red' }), '--dry-run=server')
  await project.succeed(['get', 'configmaps'])
  const { stderr } = await project.run(['create', 'secret', 'generic', 'key'])
  expect(stderr).toBe('')
  expect(project.events()).toEqual([])
})

test('it runs only after the commands that the configuration names', async () => {
  project.configure(['Colors'], "afterWrite: { commands: ['patch'] },")
  await apply(configMap('wall', { color: 'red' }))
  expect(project.events()).toEqual([])
  await project.succeed(['patch', 'cm', 'wall', '-p', '{"data":{"color":"blue"}}'])
  expect(await seen('wall')).toBe('blue')
})

test('what the configuration may name are the commands that have --run-controllers, and no others', async () => {
  project.configure(['Colors'], "afterWrite: { commands: ['aply'], deadline: '1s' },")
  const { code, stdout, stderr } = await apply(configMap('wall', {}))
  const [, file, names = ''] =
    /^error: controllers did not run: (\/.*):2:16: TypeError: defineConfig: afterWrite\.commands: "aply" is no command that writes; there are: (.*)\n/.exec(
      stderr,
    ) ?? []
  expect([code, stdout, file]).toEqual([
    1,
    'configmap/wall created\n',
    join(project.directory, 'k1s.config.mjs'),
  ])
  const help = await project.succeed([])
  const commands = [...help.matchAll(/^ {2}([a-z][\w-]*) {2,}\S/gm)].map((match) => match[1]!)
  const texts = await Promise.all(commands.map((name) => project.succeed(['help', name])))
  const hooked = commands.filter((_, index) => texts[index]?.includes('--run-controllers'))
  expect(names.split(', ').sort()).toEqual(hooked.sort())
})

test('a deadline that is no length of time is told with its place', async () => {
  project.configure(['Colors'], "afterWrite: { deadline: '1 hour' },")
  expect((await project.run(['controller', 'list'])).stderr).toContain(
    `error: ${project.directory}/k1s.config.mjs:2:16: TypeError: defineConfig: afterWrite.deadline: "1 hour" is no length of time above 0`,
  )
})

test('resources of the configuration that no controller watches are warned of where controllers are loaded', async () => {
  project.configure(['Colors'], "afterWrite: { resources: ['configmaps', 'cm', 'items.example.com'] },")
  const watched = 'watched are: configmaps\n'
  const warnings = ['cm', 'items.example.com']
    .map((name) => {
      const place = `${project.directory}/k1s.config.mjs: afterWrite.resources`
      return `warning: ${place}: no controller watches "${name}"; ${watched}`
    })
    .join('')
  const { stderr } = await apply(configMap('wall', { color: 'red' }))
  expect(stderr.replace(/[12]\n$/, 'N\n')).toBe(`${warnings}controllers: colors reconciled N\n`)
  for (const command of ['list', 'run']) {
    expect((await project.run(['controller', command])).stderr).toBe(warnings)
  }
  project.configure(['Colors', 'Manual'], "afterWrite: { resources: ['secrets'], controllers: ['colors'] },")
  expect((await project.run(['controller', 'list'])).stderr).toBe('')
})

test('controllers are not loaded after writes of other resources than the configuration names', async () => {
  project.configure(['None'], "afterWrite: { resources: ['secrets'] },")
  expect(await apply(configMap('wall', {}))).toMatchObject({ code: 0, stderr: '' })
  expect(await project.run(['create', 'secret', 'generic', 'key'])).toMatchObject({
    code: 1,
    stdout: 'secret/key created\n',
    stderr: expect.stringContaining('TypeError: controllers'),
  })
})

test('named controllers run, whatever was written', async () => {
  project.configure(['Colors', 'Manual'], "afterWrite: { controllers: ['by-hand'] },")
  await project.succeed(['create', 'secret', 'generic', 'key'])
  expect(project.events()).toMatchObject([{ event: 'manual', name: 'key' }])
})

test('a flag and a variable of the environment switch it off, and the flag counts more', async () => {
  project.configure(['Colors'], 'afterWrite: {},')
  await apply(configMap('wall', {}), '--run-controllers=false')
  await project.run(['label', 'cm', 'wall', 'a=b'], { env: { K1S_RUN_CONTROLLERS: 'false' } })
  expect(project.events()).toEqual([])
  await project.run(['label', 'cm', 'wall', 'c=d', '--run-controllers'], {
    env: { K1S_RUN_CONTROLLERS: 'false' },
  })
  expect(project.events()).toContainEqual(expect.objectContaining({ event: 'begin', name: 'wall' }))
})

test('a variable that says neither true nor false is an error before anything is written', async () => {
  project.configure(['Colors'], 'afterWrite: {},')
  const create = (wish: string) =>
    project.run(['create', 'cm', 'wall'], { env: { K1S_RUN_CONTROLLERS: wish } })
  expect(await create('maybe')).toMatchObject({
    code: 1,
    stdout: '',
    stderr:
      'error: invalid value "maybe" of $K1S_RUN_CONTROLLERS: strconv.ParseBool: parsing "maybe": invalid syntax\n',
  })
  expect(await create('T')).toMatchObject({ code: 0, stderr: expect.stringContaining('colors reconciled') })
})

test('a reconcile that fails makes the command fail, whose output and objects stay', async () => {
  project.configure(['Colors'], 'afterWrite: {},')
  const { code, stdout, stderr } = await apply(configMap('wall', { fail: 'no paint left' }))
  expect(stdout).toBe('configmap/wall created\n')
  expect(stderr).toMatch(
    /^controllers: colors reconciled \d+ \(\d+ failed\), 1 pending, next in \d+s\nerror: controller\/colors: default\/wall: no paint left\n$/,
  )
  expect(code).toBe(1)
})

test('a configuration that is wrong is told after what the command says, and fails it', async () => {
  project.file('k1s.config.mjs', '// afterWrite\nnull.x')
  const { code, stdout, stderr } = await apply(configMap('wall', {}))
  expect(stdout).toBe('configmap/wall created\n')
  expect(stderr).toContain(
    `error: controllers did not run: ${project.directory}/k1s.config.mjs:2:6: TypeError`,
  )
  expect(code).toBe(1)
})

test('a project without the word afterWrite is not loaded by commands that write', async () => {
  project.file('k1s.config.mjs', 'null.x; export default defineConfig({ controllers() {} })')
  expect(await apply(configMap('wall', {}))).toMatchObject({ code: 0, stderr: '' })
})

test('a hook that the configuration has from another file runs', async () => {
  const file = project.configure(['Colors'], 'afterWrite: {},')
  renameSync(file, join(project.directory, 'other.mjs'))
  project.file('k1s.config.mjs', "export { default } from './other.mjs'")
  await apply(configMap('wall', { color: 'red' }))
  expect(await seen('wall')).toBe('red')
})

test('a controller that the configuration names and does not have is told wherever controllers are loaded', async () => {
  const file = project.configure(['Colors'], "afterWrite: { controllers: ['colours'] },")
  const mistake = `${file}: afterWrite.controllers: there is no controller "colours"; there are: colors\n`
  expect((await project.run(['controller', 'list'])).stderr).toBe(`error: ${mistake}`)
  expect((await apply(configMap('wall', {}))).stderr).toBe(`error: controllers did not run: ${mistake}`)
})

test('options that the configuration does not have are told, and no controllers run', async () => {
  project.configure(['Colors'], "afterWrite: { command: ['patch'] },")
  const { code, stderr } = await apply(configMap('wall', {}))
  expect(stderr).toContain(
    'TypeError: defineConfig: unknown field "afterWrite.command", expected one of commands, resources, controllers, deadline\n',
  )
  expect(code).toBe(1)
  expect(project.events()).toEqual([])
  project.configure(['Colors'], "manager: { stateNamepace: 'default' },")
  expect((await project.run(['controller', 'run'])).stderr).toContain(
    'newManager: unknown field "stateNamepace", expected one of logger, ',
  )
})

test('a signal ends a command whose project waits for what never comes', async () => {
  project.file(
    'k1s.config.mjs',
    `import { defineConfig } from '@k1s/controller-runtime/config'
import { writeFileSync } from 'node:fs'
const controllers = () => new Promise(() => setInterval(() => writeFileSync('waits', ''), 20))
export default defineConfig({ controllers, afterWrite: {} })`,
  )
  for (const args of [
    ['create', 'configmap', 'wall'],
    ['controller', 'run'],
  ]) {
    rmSync(join(project.directory, 'waits'), { force: true })
    const command = project.start(args)
    await vi.waitUntil(() => existsSync(join(project.directory, 'waits')), 10_000)
    command.process.kill('SIGTERM')
    expect(await command.result).toMatchObject({ signal: 'SIGTERM' })
  }
})

test('a signal ends the controllers in good order, and the command with its code', async () => {
  project.configure(['Colors'], 'afterWrite: {},')
  const command = project.start(['create', 'cm', 'wall', '--from-literal=slow=700'])
  await vi.waitUntil(() => project.events().length > 0, { timeout: 10_000 })
  command.process.kill('SIGINT')
  expect(await command.result).toMatchObject({ code: 130, stdout: 'configmap/wall created\n' })
  expect(project.events().map(({ event }) => event)).toEqual(['begin', 'end'])
})

test('a command that fails in the middle keeps its error; controllers run on what it wrote', async () => {
  project.configure(['Colors'], 'afterWrite: {},')
  const { code, stderr } = await apply(
    `${configMap('wall', { color: 'red' })}\n---\n${configMap('Not A Name', {})}`,
  )
  expect(stderr).toContain('The ConfigMap "Not A Name" is invalid')
  expect(code).toBe(1)
  expect(await seen('wall')).toBe('red')
})

test('delete waits for finalizers after the controllers that remove them', async () => {
  project.configure(['Colors'], 'afterWrite: {},')
  await apply(configMap('wall', {}, { finalizers: ['example.com/paint'] }))
  const { code, stdout } = await project.run(['delete', 'cm', 'wall', '--timeout=20s'])
  expect(stdout).toBe('configmap "wall" deleted from default namespace\n')
  expect(code).toBe(0)
})

test('what is not done by the deadline is said and left to the next run', async () => {
  project.configure(['Colors'], "afterWrite: { deadline: '200ms' },")
  const { code, stderr } = await apply(configMap('wall', { slow: '2000', color: 'red' }))
  expect(stderr).toBe(
    'controllers: colors reconciled 0, interrupted by the deadline, 1 pending, next now\n' +
      'controllers: the deadline is over; what is left is for the next run\n',
  )
  expect(code).toBe(0)
  await apply(configMap('wall', { color: 'red' }), '--run-controllers=false')
  await project.succeed(['controller', 'run'])
  expect(await seen('wall')).toBe('red')
})

test('commands that a reconciler starts leave the controllers to the first one', async () => {
  project.configure(['Colors'], 'afterWrite: {},')
  project.file(
    'controllers.js',
    `import { execFileSync } from 'node:child_process'
import { newControllerManagedBy } from '@k1s/controller-runtime'
const Secret = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true }
export const addColors = (manager) =>
  newControllerManagedBy(manager).for(Secret).named('outer').complete(() => {
    if (process.env.K1S_RUN_CONTROLLERS !== 'false') throw new Error('it would wait for itself')
  })
`,
  )
  expect(await project.run(['create', 'secret', 'generic', 'key'])).toMatchObject({ code: 0 })
})

test('it works on an API server in place of the store', async () => {
  const server = new ServerProcess('memory')
  try {
    await server.start()
    project.configure(['Colors'], 'afterWrite: {},')
    const there = ['--kubeconfig', server.kubeconfig]
    await apply(configMap('wall', { color: 'red' }), ...there)
    expect(await project.succeed(['get', 'cm', 'wall', '-o', 'yaml', ...there])).toContain('seen: red')
  } finally {
    await server.stop()
    server.sandbox.remove()
  }
})
