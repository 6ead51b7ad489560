import { afterEach, beforeEach, expect, test } from 'vitest'
import { CliSandbox } from './cli-process.ts'
import { configMap } from './inventory.ts'

let cli: CliSandbox
beforeEach(() => {
  cli = new CliSandbox()
})
afterEach(() => cli.remove())

test('get -w prints what another process changes, and ends with 130 on Ctrl-C without a word', async () => {
  await cli.succeed(['apply', '-f', '-'], { input: configMap('a') })
  const watch = cli.start(['get', 'configmaps', '-w'])
  await watch.printed('NAME   DATA   AGE\na      0      ')
  await cli.succeed(['apply', '-f', '-'], { input: configMap('a', { k: 'v' }) })
  await watch.printed('\na      1      ')
  await cli.succeed(['create', 'configmap', 'other', '--from-literal=a=1', '--from-literal=b=2'])
  await watch.printed('\nother   2')
  watch.process.kill('SIGINT')
  expect(await watch.result).toMatchObject({ code: 130, signal: null, stderr: '' })
})

test('--watch-only starts with the next change; --output-watch-events says what happened', async () => {
  await cli.succeed(['create', 'configmap', 'a'])
  const names = cli.start(['get', 'cm', '--watch-only', '--output-watch-events', '--no-headers'])
  const one = cli.start(['get', 'cm', 'a', '-w', '-o', 'jsonpath={.data.k}{"\\n"}'])
  await one.printed('\n')
  await new Promise((resolve) => setTimeout(resolve, 400))
  await cli.succeed(['patch', 'cm', 'a', '--type=merge', '-p', 'data: {k: v}'])
  await one.printed('v\n')
  await cli.succeed(['delete', 'cm', 'a'])
  await names.printed('DELETED')
  names.process.kill('SIGTERM')
  one.process.kill('SIGTERM')
  expect(await names.result).toMatchObject({
    code: 143,
    stdout: expect.stringMatching(/^MODIFIED +a +1 +\d+s\nDELETED +a +1 +\d+s\n$/),
  })
  expect((await one.result).stdout).toBe('\nv\nv\n')
})

test('the events of --output-watch-events have type and object in every format', async () => {
  await cli.succeed(['create', 'configmap', 'a'])
  const events = ['get', 'cm', '-w', '--output-watch-events', '-o']
  const path = cli.start([...events, 'jsonpath={.type}|{.object.metadata.name}'])
  const json = cli.start([...events, 'json'])
  await path.printed('ADDED|a')
  await json.printed('{"type":"ADDED","object":{"apiVersion":"v1",')
  path.process.kill('SIGTERM')
  json.process.kill('SIGTERM')
  await Promise.all([path.result, json.result])
})

test('several kinds cannot be watched at once', async () => {
  expect((await cli.run(['get', 'cm,secrets', '-w'])).stderr).toBe(
    'error: you may only specify a single resource type\n',
  )
})

test('wait returns when a condition is met by another process, or in time', async () => {
  await cli.succeed(['create', 'configmap', 'a'])
  const value = cli.start(['wait', 'cm/a', '--for=jsonpath={.data.k}=v', '--timeout=20s'])
  const gone = cli.start(['wait', 'cm/a', '--for=delete', '--timeout=20s'])
  const created = cli.start(['wait', 'cm/b', '--for=create', '--timeout=20s'])
  await cli.succeed(['patch', 'cm', 'a', '--type=merge', '-p', 'data: {k: v}'])
  expect(await value.result).toMatchObject({ code: 0, stdout: 'configmap/a condition met\n' })
  await cli.succeed(['delete', 'cm', 'a'])
  expect(await gone.result).toMatchObject({ code: 0, stdout: 'configmap/a condition met\n' })
  await cli.succeed(['create', 'configmap', 'b'])
  expect(await created.result).toMatchObject({ code: 0, stdout: 'configmap/b condition met\n' })
  expect(await cli.run(['wait', 'cm/b', '--for=delete', '--timeout=200ms'])).toMatchObject({
    code: 1,
    stderr: 'error: timed out waiting for the condition on configmaps/b\n',
  })
  expect(await cli.run(['wait', 'cm/b', '--for=delete', '--timeout=0'])).toMatchObject({
    code: 1,
    stderr: 'error: condition not met for configmaps/b\n',
  })
})

test('a reader that goes away ends a command quietly', async () => {
  // More than a pipe holds.
  const input = ['a', 'b', 'c'].map((name) => configMap(name, { text: 'x'.repeat(100_000) })).join('')
  await cli.succeed(['create', '-f', '-'], { input })
  const { stdout, stderr, code } = await cli.shell('k1s get cm | head -1; echo $PIPESTATUS')
  expect(stdout).toMatch(/^NAME +DATA +AGE\n(0|141)\n$/)
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  const yaml = await cli.shell('k1s get cm -o yaml | head -1; echo $PIPESTATUS')
  expect(yaml.stdout).toBe('apiVersion: v1\n141\n')
  expect(yaml.stderr).toBe('')
})

test('Ctrl-C ends a command that is busy validating and hears of nothing', async () => {
  // Each character is a step of nearly a thread for each of the last 900, which no table of states can hold.
  const pattern = '(a|b)*a(a|b){900}[xy]'
  const schema = {
    type: 'object',
    properties: { spec: { type: 'object', properties: { s: { type: 'string', pattern } } } },
  }
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'slows.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'slows', kind: 'Slow' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  }
  await cli.succeed(['create', '-f', '-'], { input: JSON.stringify(definition) })
  let state = 1
  const letters = Array.from({ length: 500_000 }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state >>> 31 === 0 ? 'a' : 'b'
  })
  const object = {
    apiVersion: 'example.com/v1',
    kind: 'Slow',
    metadata: { name: 'a' },
    spec: { s: letters.join('') },
  }
  const busy = cli.start(['create', '-f', '-'], { input: JSON.stringify(object) })
  // However early or late the signal comes, it ends the process.
  await new Promise((resolve) => setTimeout(resolve, 700))
  busy.process.kill('SIGINT')
  expect(await busy.result).toMatchObject({ code: null, signal: 'SIGINT', stderr: '' })
})
