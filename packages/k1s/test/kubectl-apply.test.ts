import { beforeAll, describe, expect, test } from 'vitest'
import { everyKind, gaugeDefinition } from './every-kind.ts'
import { onEachKubectl } from './kubectl.ts'

const gauge = (name: string, spec: string) =>
  `---\n{apiVersion: lab.k1s.dev/v1, kind: Gauge, metadata: {name: ${name}}, spec: ${spec}}\n`
const configMap = (name: string, data: string, set = 'none') =>
  `---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}, labels: {set: ${set}}}, data: ${data}}\n`

/** The lines that a diff adds and removes. */
const changes = (text: string) => text.split('\n').filter((line) => /^[+-](?![+-]{2} )/.test(line))

onEachKubectl((kubectl) => {
  const apply = (input: string, flags = '') => kubectl.print(`apply -f -${flags && ` ${flags}`}`, { input })

  beforeAll(async () => {
    await kubectl.create(gaugeDefinition)
    await kubectl.print('wait --for=condition=Established crd --all')
  })

  test('creates, leaves alone and configures, and removes what is no longer said', async () => {
    const first = gauge('mine', '{count: 1, label: x}') + configMap('mine', '{a: b, c: d}')
    expect(await apply(first)).toBe('gauge.lab.k1s.dev/mine created\nconfigmap/mine created\n')
    expect(await apply(first)).toBe('gauge.lab.k1s.dev/mine unchanged\nconfigmap/mine unchanged\n')
    await kubectl.print(['patch', 'cm', 'mine', '-p', '{"data":{"other":"kept"}}'])
    expect(await apply(gauge('mine', '{count: 2}') + configMap('mine', '{a: b}'))).toBe(
      'gauge.lab.k1s.dev/mine configured\nconfigmap/mine configured\n',
    )
    expect(await kubectl.print('get gauge mine -o jsonpath={.spec}')).toBe('{"count":2}')
    expect(await kubectl.print('get cm mine -o jsonpath={.data}')).toBe('{"a":"b","other":"kept"}')
  })

  test('--dry-run=server says what would be done', async () => {
    expect(await apply(gauge('dry', '{count: 1}'), '--dry-run=server')).toBe(
      'gauge.lab.k1s.dev/dry created (server dry run)\n',
    )
    expect(await kubectl.fail('get gauge dry')).toContain('not found')
  })

  test('objects of every kind are applied by the client and by the server, again and again', async () => {
    const count = everyKind.split('\n---\n').length
    expect((await apply(everyKind)).match(/ created$/gm)).toHaveLength(count)
    const configured = (await apply(everyKind)).match(/^.* configured$/gm)
    // kubectl cannot know that stringData is in data by now, and that rules of policies have got their defaults.
    expect(configured?.filter((line) => !/^(secret|\w+policy\.)/.test(line))).toEqual([])
    for (let times = 0; times < 2; times++) {
      const text = await apply(everyKind, '--server-side --force-conflicts')
      expect(text.match(/ serverside-applied$/gm)).toHaveLength(count)
    }
  })

  describe('--server-side', () => {
    test('what another manager owns conflicts, until it is forced', async () => {
      await apply(gauge('owned', '{count: 1}'), '--server-side --field-manager=one')
      const wanted = { input: gauge('owned', '{count: 2}') }
      expect(await kubectl.fail('apply -f - --server-side --field-manager=two', wanted)).toMatch(
        /^error: Apply failed with 1 conflict: conflict with "one": \.spec\.count\nPlease review the fields above/,
      )
      await kubectl.print('apply -f - --server-side --field-manager=two --force-conflicts', wanted)
      expect(await kubectl.print('get gauge owned -o jsonpath={.spec.count}')).toBe('2')
    })

    test('what was applied by the client is taken over', async () => {
      await apply(configMap('migrated', '{a: b, c: d}'))
      await apply(configMap('migrated', '{a: b}'), '--server-side')
      expect(await kubectl.print('get cm migrated -o jsonpath={.data}')).toBe('{"a":"b"}')
    })
  })

  describe('--prune', () => {
    test('with an allow list removes what is no longer applied', async () => {
      const one = configMap('pruned-1', '{}', 'a')
      const two = configMap('pruned-2', '{}', 'a')
      const prune = '--prune -l set=a --prune-allowlist=core/v1/ConfigMap'
      await apply(one + two, prune)
      expect(await apply(one, prune)).toBe('configmap/pruned-1 unchanged\nconfigmap/pruned-2 pruned\n')
    })

    test('without either applies, and fails before it removes anything', async () => {
      const one = configMap('kept-1', '{}', 'b')
      await apply(one + configMap('kept-2', '{}', 'b'))
      const { code, stdout, stderr } = await kubectl.run('apply -f - --prune -l set=b', { input: one })
      expect({ code, stdout }).toEqual({ code: 1, stdout: 'configmap/kept-1 unchanged\n' })
      expect(stderr).toContain('no matches for kind "Endpoints" in version "v1"')
      expect(await kubectl.print('get cm kept-2 -o name')).toBe('configmap/kept-2\n')
    })

    test('with an apply set removes what is no longer in it', async () => {
      const env = { KUBECTL_APPLYSET: 'true' }
      const one = configMap('member-1', '{}') + gauge('member-1', '{count: 1}')
      const line = 'apply -f - --prune --applyset=set -n default'
      await kubectl.print(line, { input: one + configMap('member-2', '{}'), env })
      expect(await kubectl.print(line, { input: one, env })).toContain('configmap/member-2 pruned\n')
      expect(await kubectl.print('get cm member-1 -o name')).toBe('configmap/member-1\n')
    })
  })

  describe('diff', () => {
    test.each(['', ' --server-side'])(
      '%s ends with 1 and prints what an apply would change',
      async (side) => {
        const name = side === '' ? 'diff' : 'diff-server'
        const manifests = (count: number) => gauge(name, `{count: ${count}}`) + configMap(name, '{a: b}')
        await apply(manifests(1), side.trim())
        expect(await kubectl.print(`diff -f -${side}`, { input: manifests(1) })).toBe('')
        const { code, stdout, stderr } = await kubectl.run(`diff -f -${side}`, { input: manifests(2) })
        expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
        expect(
          changes(stdout).filter((line) => !line.includes('last-applied') && !line.includes('{')),
        ).toEqual(['-  generation: 1', '+  generation: 2', '-  count: 1', '+  count: 2'])
      },
    )

    test('ends with more than 1 if it cannot be told', async () => {
      const { code, stderr } = await kubectl.run('diff -f -', { input: gauge('refused', '{count: x}') })
      expect(code).toBeGreaterThan(1)
      expect(stderr).toContain('spec.count in body must be of type integer')
    })
  })

  test('last-applied-configuration is shown, set and edited', async () => {
    await apply(configMap('last', '{a: b}'))
    expect(JSON.parse(await kubectl.print('apply view-last-applied cm/last -o json'))).toMatchObject({
      data: { a: 'b' },
    })
    const input = configMap('last', '{a: c}')
    expect(await kubectl.print('apply set-last-applied -f -', { input })).toBe('configmap/last configured\n')
    expect(JSON.parse(await kubectl.print('apply view-last-applied cm/last -o json'))).toMatchObject({
      data: { a: 'c' },
    })
  })
})
