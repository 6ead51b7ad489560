import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { gaugeDefinition } from './every-kind.ts'
import { onEachKubectl } from './kubectl.ts'

const gauge = (name: string, fields = 'spec: {count: 3}') =>
  `{apiVersion: lab.k1s.dev/v1, kind: Gauge, metadata: {name: ${name}}, ${fields}}`
const configMap = (name: string, data = '{a: b}') =>
  `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}, data: ${data}}`

onEachKubectl((kubectl) => {
  beforeAll(async () => {
    await kubectl.create(gaugeDefinition)
    await kubectl.print('wait --for=condition=Established crd --all')
  })

  describe('create', () => {
    test('makes objects of the kinds that it has flags for', async () => {
      await kubectl.print('create namespace made')
      const inMade = '-n made'
      const printed = await Promise.all([
        kubectl.print(`create configmap c --from-literal=a=b ${inMade}`),
        kubectl.print(`create secret generic s --from-literal=password=x ${inMade}`),
        kubectl.print(`create secret docker-registry r --docker-username=u --docker-password=p ${inMade}`),
        kubectl.print(`create serviceaccount robot ${inMade}`),
        kubectl.print(`create quota q --hard=configmaps=10,secrets=5 ${inMade}`),
      ])
      expect(printed).toEqual([
        'configmap/c created\n',
        'secret/s created\n',
        'secret/r created\n',
        'serviceaccount/robot created\n',
        'resourcequota/q created\n',
      ])
      expect(
        await kubectl.print(`get cm/c secret/s secret/r -o jsonpath={.items[*].data} ${inMade}`),
      ).toMatch(/^{"a":"b"} {"password":"eA=="} {"\.dockerconfigjson":"ey[^"]*"}$/)
      expect(await kubectl.fail(`create configmap c ${inMade}`)).toBe(
        'error: failed to create configmap: configmaps "c" already exists\n',
      )
    })

    test('--dry-run=server shows what would be stored, and stores nothing', async () => {
      const shown = await kubectl.json('create namespace tried --dry-run=server')
      expect(shown).toMatchObject({ spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } })
      expect(await kubectl.fail('get namespace tried')).toContain('namespaces "tried" not found')
    })

    test('-f creates, generates names and remembers with --save-config', async () => {
      const manifests = `---\n${gauge('saved')}\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {generateName: some-}}`
      const printed = await kubectl.print('create -f - --save-config', { input: manifests })
      expect(printed).toMatch(/^gauge\.lab\.k1s\.dev\/saved created\nconfigmap\/some-[a-z0-9]{5} created\n$/)
      expect(JSON.parse(await kubectl.print('apply view-last-applied gauge/saved -o json'))).toMatchObject({
        spec: { count: 3 },
      })
    })

    test('fields that a kind does not have are refused, warned of or dropped', async () => {
      const input = `---\n${gauge('unknown', 'spec: {count: 3, knob: 1}')}`
      expect(await kubectl.fail('create -f -', { input })).toBe(
        'Error from server (BadRequest): error when creating "STDIN": Gauge in version "v1" cannot be handled as a Gauge: strict decoding error: unknown field "spec.knob"\n',
      )
      const warned = await kubectl.run('create -f - --validate=warn', { input })
      expect(warned).toMatchObject({
        code: 0,
        stdout: 'gauge.lab.k1s.dev/unknown created\n',
        stderr: 'Warning: unknown field "spec.knob"\n',
      })
      expect(await kubectl.print('replace -f - --validate=ignore', { input })).toBe(
        'gauge.lab.k1s.dev/unknown replaced\n',
      )
    })

    test('an object that its schema refuses is told field by field', async () => {
      const input = `---\n${gauge('bad', 'spec: {count: many, open: 3}')}`
      expect(await kubectl.fail('create -f -', { input })).toBe(
        'The Gauge "bad" is invalid: \n* spec.count: Invalid value: "string": spec.count in body must be of type integer: "string"\n* spec.open: Invalid value: "integer": spec.open in body must be of type boolean: "integer"\n',
      )
    })
  })

  describe('patch', () => {
    test('changes by merge, JSON and strategic patches', async () => {
      await kubectl.create(`${gauge('patched')}\n---\n${configMap('patched', '{a: b, c: d}')}`)
      expect(
        await kubectl.print(['patch', 'gauge', 'patched', '--type=merge', '-p', '{"spec":{"count":4}}']),
      ).toBe('gauge.lab.k1s.dev/patched patched\n')
      expect(
        await kubectl.print(['patch', 'gauge', 'patched', '--type=merge', '-p', '{"spec":{"count":4}}']),
      ).toBe('gauge.lab.k1s.dev/patched patched (no change)\n')
      const operations =
        '[{"op":"test","path":"/spec/count","value":4},{"op":"add","path":"/spec/label","value":"x"}]'
      expect(await kubectl.print(['patch', 'gauge', 'patched', '--type=json', '-p', operations])).toBe(
        'gauge.lab.k1s.dev/patched patched\n',
      )
      expect(await kubectl.print(['patch', 'cm', 'patched', '-p', '{"data":{"a":null,"e":"f"}}'])).toBe(
        'configmap/patched patched\n',
      )
      expect(await kubectl.print('get gauge/patched -o jsonpath={.spec.count}{.spec.label}')).toBe('4x')
      expect(await kubectl.print('get cm/patched -o jsonpath={.data}')).toBe('{"c":"d","e":"f"}')
    })

    test('a subresource is patched by itself', async () => {
      await kubectl.create(gauge('status'))
      const patch = '{"spec":{"count":9},"status":{"count":2}}'
      await kubectl.print(['patch', 'gauge', 'status', '--subresource=status', '--type=merge', '-p', patch])
      expect(await kubectl.print('get gauge status -o jsonpath={.spec.count}{.status.count}')).toBe('32')
    })

    test('what cannot be applied is refused', async () => {
      await kubectl.create(gauge('unpatched'))
      const [strategic, operation, schema] = await Promise.all([
        kubectl.fail(['patch', 'gauge', 'unpatched', '-p', '{"spec":{"count":4}}']),
        kubectl.fail([
          'patch',
          'gauge',
          'unpatched',
          '--type=json',
          '-p',
          '[{"op":"test","path":"/spec/count","value":5}]',
        ]),
        kubectl.fail(['patch', 'gauge', 'unpatched', '--type=merge', '-p', '{"spec":{"count":"x"}}']),
      ])
      expect(strategic).toBe(
        'error: application/strategic-merge-patch+json is not supported by lab.k1s.dev/v1, Kind=Gauge: the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml\n',
      )
      expect(operation).toContain('testing value /spec/count failed: test failed')
      expect(schema).toBe(
        'The Gauge "unpatched" is invalid: spec.count: Invalid value: "string": spec.count in body must be of type integer: "string"\n',
      )
    })
  })

  test('label and annotate set, keep, overwrite and remove', async () => {
    await kubectl.create(`${gauge('labelled')}\n---\n${configMap('labelled')}`)
    const object = 'gauge/labelled'
    expect(await kubectl.print(`label ${object} a=b`)).toBe('gauge.lab.k1s.dev/labelled labeled\n')
    expect(await kubectl.print(`label ${object} a=b`)).toBe('gauge.lab.k1s.dev/labelled not labeled\n')
    expect(await kubectl.fail(`label ${object} a=c`)).toBe(
      "error: 'a' already has a value (b), and --overwrite is false\n",
    )
    expect(await kubectl.print(`label ${object} a=c --overwrite`)).toBe(
      'gauge.lab.k1s.dev/labelled labeled\n',
    )
    expect(await kubectl.print(`annotate ${object} cm/labelled note=x`)).toBe(
      'gauge.lab.k1s.dev/labelled annotated\nconfigmap/labelled annotated\n',
    )
    expect(await kubectl.print(`label ${object} --list`)).toBe('a=c\n')
    expect(await kubectl.print(`label ${object} a-`)).toBe('gauge.lab.k1s.dev/labelled unlabeled\n')
    expect(await kubectl.print(`annotate ${object} note-`)).toBe('gauge.lab.k1s.dev/labelled annotated\n')
    expect(await kubectl.print(`get ${object} -o jsonpath={.metadata.labels}{.metadata.annotations}`)).toBe(
      '',
    )
  })

  test('replace overwrites what is newest, and refuses what is old', async () => {
    await kubectl.create(`${gauge('replaced')}\n---\n${configMap('replaced')}`)
    const old = await kubectl.print('get gauge/replaced -o json')
    const input = `---\n${gauge('replaced', 'spec: {count: 5}')}`
    expect(await kubectl.print('replace -f -', { input })).toBe('gauge.lab.k1s.dev/replaced replaced\n')
    expect(await kubectl.fail('replace -f -', { input: old })).toBe(
      'Error from server (Conflict): error when replacing "STDIN": Operation cannot be fulfilled on gauges.lab.k1s.dev "replaced": the object has been modified; please apply your changes to the latest version and try again\n',
    )
    const deleted = /^configmap "replaced" deleted( from default namespace)?\nconfigmap\/replaced replaced\n$/
    expect(await kubectl.print('replace --force -f -', { input: `---\n${configMap('replaced')}` })).toMatch(
      deleted,
    )
  })

  test('scale sets the replicas of a kind that has them', async () => {
    await kubectl.create(
      `${gauge('scaled')}\n---\n{apiVersion: lab.k1s.dev/v1, kind: Plant, metadata: {name: scaled}}`,
    )
    expect(await kubectl.print('scale gauge/scaled --replicas=8')).toBe('gauge.lab.k1s.dev/scaled scaled\n')
    expect(await kubectl.print('get gauge scaled -o jsonpath={.spec.count}')).toBe('8')
    expect(await kubectl.fail('scale gauge/scaled --replicas=9 --current-replicas=2')).toBe(
      'error: Expected replicas to be 2, was 8\n',
    )
    expect(await kubectl.fail('scale plant/scaled --replicas=1')).toBe(
      'Error from server (NotFound): the server could not find the requested resource\n',
    )
  })

  describe('edit', () => {
    /** An editor that runs these commands of sed, one with each time that it is opened. */
    const editor = (name: string, ...commands: string[]) => {
      const script = kubectl.sandbox.file(
        name,
        `#!/bin/bash
count=$(cat "$0.count" 2>/dev/null || echo 0); echo $((count + 1)) > "$0.count"
cp "$1" "$0.seen$count"
commands=(${commands.map((command) => `'${command}'`).join(' ')})
sed -i "\${commands[$count]}" "$1"
`,
      )
      chmodSync(script, 0o700)
      const seen = (count: number) =>
        readFileSync(join(kubectl.sandbox.directory, `${name}.seen${count}`), 'utf8')
      return { env: { KUBE_EDITOR: script }, seen }
    }

    test('stores what is changed', async () => {
      await kubectl.create(`${gauge('edited')}\n---\n${configMap('edited')}`)
      const { env } = editor('change', 's/count: 3/count: 4/;s/a: b/a: c/')
      expect(await kubectl.print('edit gauge/edited cm/edited', { env })).toBe(
        'gauge.lab.k1s.dev/edited edited\nconfigmap/edited edited\n',
      )
      expect(await kubectl.print('get gauge edited -o jsonpath={.spec.count}')).toBe('4')
    })

    test('stores nothing if nothing is changed', async () => {
      await kubectl.create(configMap('unedited'))
      const { env } = editor('nothing', '')
      const { code, stderr } = await kubectl.run('edit cm unedited', { env })
      expect({ code, stderr }).toEqual({ code: 0, stderr: 'Edit cancelled, no changes made.\n' })
    })

    test('is opened again with the errors of what is refused', async () => {
      await kubectl.create(gauge('corrected'))
      const { env, seen } = editor('correct', 's/count: 3/count: many/', 's/count: many/count: 5/')
      const { code, stdout, stderr } = await kubectl.run('edit gauge corrected', { env })
      expect({ code, stdout, stderr }).toEqual({
        code: 0,
        stdout: 'gauge.lab.k1s.dev/corrected edited\n',
        stderr: 'error: gauges.lab.k1s.dev "corrected" is invalid\n',
      })
      expect(seen(1)).toContain(
        '# gauges.lab.k1s.dev "corrected" was not valid:\n# * spec.count: Invalid value: "string": spec.count in body must be of type integer: "string"\n',
      )
      expect(await kubectl.print('get gauge corrected -o jsonpath={.spec.count}')).toBe('5')
    })

    test('edits a subresource by itself', async () => {
      await kubectl.create(gauge('reported'))
      const { env } = editor('status', '$a status: {count: 1}')
      expect(await kubectl.print('edit gauge reported --subresource=status', { env })).toBe(
        'gauge.lab.k1s.dev/reported edited\n',
      )
      expect(await kubectl.print('get gauge reported -o jsonpath={.status.count}')).toBe('1')
    })
  })

  describe('wait', () => {
    test('ends when a condition, a field or an object is there, and when it is gone', async () => {
      await kubectl.namespace('awaited')
      const inNamespace = '-n awaited'
      const created = kubectl.begin(`wait --for=create gauge/late --timeout=20s ${inNamespace}`)
      await kubectl.print(`create -f - ${inNamespace}`, { input: `---\n${gauge('late')}` })
      expect(await created.result).toMatchObject({ code: 0, stderr: '' })
      const waiting = ['condition=Ready', 'jsonpath={.status.count}=2', 'delete'].map((what) =>
        kubectl.begin(`wait --for=${what} gauge/late --timeout=20s ${inNamespace}`),
      )
      const status = '{"status":{"count":2,"conditions":[{"type":"Ready","status":"True"}]}}'
      const patch = [
        'patch',
        'gauge',
        'late',
        '-n',
        'awaited',
        '--subresource=status',
        '--type=merge',
        '-p',
        status,
      ]
      await kubectl.print(patch)
      const [condition, field, gone] = waiting
      expect(await condition!.result).toMatchObject({
        code: 0,
        stdout: 'gauge.lab.k1s.dev/late condition met\n',
      })
      expect(await field!.result).toMatchObject({ code: 0, stdout: 'gauge.lab.k1s.dev/late condition met\n' })
      await kubectl.print(`delete gauge late ${inNamespace}`)
      expect(await gone!.result).toMatchObject({ code: 0, stderr: '' })
    })

    test('gives up after the timeout', async () => {
      await kubectl.create(gauge('never'))
      // Reflectors may have something to say of the end of their watch.
      expect(await kubectl.fail('wait --for=condition=Ready gauge/never --timeout=200ms')).toContain(
        'error: timed out waiting for the condition on gauges/never\n',
      )
    })
  })

  describe('delete', () => {
    const names = (text: string) => [...text.matchAll(/"([^"]+)" deleted/g)].map(([, name]) => name)

    test('removes by name, label, file and all, and waits for it', async () => {
      await kubectl.namespace('emptied')
      const inNamespace = '-n emptied'
      const objects = ['a', 'b', 'c', 'd', 'e'].map((name) => configMap(name)).join('\n---\n')
      await kubectl.print(`create -f - ${inNamespace}`, { input: `---\n${objects}` })
      await kubectl.print(`label cm b c x=y ${inNamespace}`)
      expect(names(await kubectl.print(`delete cm a ${inNamespace}`))).toEqual(['a'])
      expect(names(await kubectl.print(`delete cm -l x=y ${inNamespace}`))).toEqual(['b', 'c'])
      expect(
        names(await kubectl.print(`delete -f - ${inNamespace}`, { input: `---\n${configMap('d')}` })),
      ).toEqual(['d'])
      expect(names(await kubectl.print(`delete cm --all ${inNamespace}`))).toEqual(['e'])
      expect(await kubectl.fail(`delete cm a ${inNamespace}`)).toBe(
        'Error from server (NotFound): configmaps "a" not found\n',
      )
      expect(await kubectl.print(`delete cm a --ignore-not-found ${inNamespace}`)).toBe('')
    })

    test('--cascade says what becomes of dependents', async () => {
      await kubectl.namespace('cascaded')
      const inNamespace = '-n cascaded'
      const left = async (cascade: string) => {
        await kubectl.print(`create -f - ${inNamespace}`, { input: `---\n${gauge(cascade)}` })
        const uid = await kubectl.print(`get gauge ${cascade} -o jsonpath={.metadata.uid} ${inNamespace}`)
        const owner = `{apiVersion: lab.k1s.dev/v1, kind: Gauge, name: ${cascade}, uid: ${uid}, blockOwnerDeletion: true}`
        const dependent = `{apiVersion: v1, kind: ConfigMap, metadata: {name: of-${cascade}, ownerReferences: [${owner}]}}`
        await kubectl.print(`create -f - ${inNamespace}`, { input: `---\n${dependent}` })
        await kubectl.print(`delete gauge ${cascade} --cascade=${cascade} ${inNamespace}`)
        return kubectl.print(`get cm of-${cascade} -o name --ignore-not-found ${inNamespace}`)
      }
      expect(await Promise.all(['background', 'foreground', 'orphan'].map(left))).toEqual([
        '',
        '',
        'configmap/of-orphan\n',
      ])
    })

    test('what a finalizer holds is waited for', async () => {
      await kubectl.namespace('held')
      const held = 'held, namespace: held, finalizers: [lab.k1s.dev/keep]'
      await kubectl.create(gauge(held))
      const deletingGauge = kubectl.begin('delete gauge held -n held')
      await deletingGauge.printed('"held" deleted')
      const deleting = kubectl.begin('delete namespace held')
      await deleting.printed('"held" deleted')
      const patch = '{"metadata":{"finalizers":null}}'
      await kubectl.print(['patch', 'gauge', 'held', '-n', 'held', '--type=merge', '-p', patch])
      expect(await deletingGauge.result).toMatchObject({ code: 0, stderr: '' })
      expect(await deleting.result).toMatchObject({ code: 0, stderr: '' })
      expect(await kubectl.fail('get namespace held')).toContain('namespaces "held" not found')
    })

    test('a definition goes with its objects', async () => {
      const definition = gaugeDefinition
        .split('---\n')[1]!
        .replaceAll('plant', 'bush')
        .replaceAll('Plant', 'Bush')
      await kubectl.print('create -f -', { input: definition })
      await kubectl.print('wait --for=condition=Established crd/bushs.lab.k1s.dev')
      await kubectl.create('{apiVersion: lab.k1s.dev/v1, kind: Bush, metadata: {name: box}}')
      expect(names(await kubectl.print('delete crd bushs.lab.k1s.dev'))).toEqual(['bushs.lab.k1s.dev'])
      await kubectl.print('create -f -', { input: definition })
      await kubectl.print('wait --for=condition=Established crd/bushs.lab.k1s.dev')
      expect(await kubectl.print('get bushs -o name')).toBe('')
    })

    test('of some namespaces is refused', async () => {
      expect(await kubectl.fail('delete namespace default')).toBe(
        'Error from server (Forbidden): namespaces "default" is forbidden: this namespace may not be deleted\n',
      )
    })
  })

  test('a namespace that hangs is released through its subresource finalize', async () => {
    await kubectl.namespace('stuck')
    await kubectl.create(gauge('stuck, namespace: stuck, finalizers: [lab.k1s.dev/keep]'))
    await kubectl.print('delete namespace stuck --wait=false')
    const namespace = (await kubectl.json('get namespace stuck')) as object
    const path = `${kubectl.prefix}/api/v1/namespaces/stuck/finalize`
    const input = JSON.stringify({ ...namespace, spec: { finalizers: [] } })
    await kubectl.print(`replace --raw ${path} -f -`, { input })
    expect(await kubectl.fail('get namespace stuck')).toContain('namespaces "stuck" not found')
  })
})
