import { beforeAll, expect, test } from 'vitest'
import { everyKind, gaugeDefinition } from './every-kind.ts'
import { onEachKubectl } from './kubectl.ts'

const names = [...everyKind.matchAll(/^metadata: \{name: ([^,}]+)/gm)].map(([, name]) => name!)

/** What is printed of times that pass while a test runs. */
const withoutAge = (text: string) =>
  text
    .replaceAll(/\b\d+s\b( {2,}(?=\S))?/g, (_, gap) => (gap === undefined ? '<age>' : '<age>   '))
    .replaceAll(/\b\d+y\d+d +/g, '<time>    ')

/** Tables of events do not have their names. */
const isInTables = (name: string) => !/\.[12]$/.test(name)

onEachKubectl((kubectl) => {
  let resources: string

  beforeAll(async () => {
    await kubectl.create(gaugeDefinition)
    await kubectl.print('wait --for=condition=Established crd --all')
    await kubectl.print('create -f -', { input: everyKind })
    resources = (await kubectl.print('api-resources --verbs=list -o name')).trim().split('\n').join(',')
  })

  test.each([
    '-o wide',
    '--show-labels',
    '--no-headers',
    '--server-print=false',
    '-o name',
    '-o json',
    '-o yaml',
  ])('get %s prints every object of every kind, and no warning', async (output) => {
    const text = await kubectl.print(`get ${resources} -A ${output}`)
    const printed = output === '--show-labels' || output === '--no-headers' ? names.filter(isInTables) : names
    for (const name of printed) expect(text).toContain(name)
  })

  test('tables have the columns of their definition, and labels as columns', async () => {
    const text = await kubectl.print('get gauges,plants -l app=web -L app,side')
    expect(withoutAge(text).replaceAll(/ +$/gm, '')).toBe(
      `NAME                  LABEL          COUNT   LEVEL   OPEN   CHECKED   FIRST   MARKS   READY   AGE   APP   SIDE
gauge.lab.k1s.dev/a   main, "left"   3       0.25    true   <time>    low     low             <age>   web   left

NAME                     AGE   APP   SIDE
plant.lab.k1s.dev/fern   <age>   web
`,
    )
  })

  test('jsonpath, custom-columns and go-template print fields', async () => {
    const [path, columns, template] = await Promise.all([
      kubectl.print([
        'get',
        'gauges',
        '-A',
        '-o',
        'jsonpath={range .items[*]}{.metadata.name}={.spec.count} {end}',
      ]),
      kubectl.print(
        'get gauges -o custom-columns=NAME:.metadata.name,COUNT:.spec.count,MARKS:.spec.marks[*].name',
      ),
      kubectl.print([
        'get',
        'gauge',
        'a',
        '-o',
        'go-template={{.spec.level}} {{.spec.open}} {{.spec.label}}',
      ]),
    ])
    expect(path).toBe('a=3 b=20 bare= c= ')
    expect(columns).toBe('NAME   COUNT   MARKS\na      3       low,high\nb      20      <none>\n')
    expect(template).toBe('0.25 true main, "left"')
  })

  test('labels and fields select', async () => {
    const name = '-o name'
    const [equal, set, fields, both] = await Promise.all([
      kubectl.print(`get cm,gauges,plants -l app=web ${name}`),
      kubectl.print(['get', 'cm,gauges', '-A', '-l', 'app in (web, db),!side', '-o', 'name']),
      kubectl.print(`get namespaces --field-selector status.phase=Active,metadata.name!=lab ${name}`),
      kubectl.print(`get events --field-selector type=Warning,involvedObject.name=settings ${name}`),
    ])
    expect(equal).toBe('configmap/settings\ngauge.lab.k1s.dev/a\nplant.lab.k1s.dev/fern\n')
    expect(set).toBe(
      'configmap/settings\nconfigmap/settings-with-a-name-that-is-rather-long\ngauge.lab.k1s.dev/b\n',
    )
    expect(fields).toBe('namespace/default\nnamespace/kube-system\n')
    expect(both).toBe('event/settings.2\n')
  })

  test('--sort-by orders', async () => {
    expect(await kubectl.print('get gauges --sort-by=.spec.count --no-headers -o name')).toBe(
      'gauge.lab.k1s.dev/a\ngauge.lab.k1s.dev/b\n',
    )
    expect(await kubectl.print(['get', 'gauges', '--sort-by={.metadata.labels.app}', '-o', 'name'])).toBe(
      'gauge.lab.k1s.dev/b\ngauge.lab.k1s.dev/a\n',
    )
  })

  test('--chunk-size reads a list in pages', async () => {
    const { stdout, stderr } = await kubectl.run('get serviceaccounts -A -o name --chunk-size=2 -v=6')
    expect(stdout.trim().split('\n')).toHaveLength(5)
    expect(stderr.match(/serviceaccounts\?[^"\s]*limit=2/g)).toHaveLength(3)
    expect(stderr.match(/continue=/g)).toHaveLength(2)
  })

  test('--raw prints what the server answers', async () => {
    const { prefix } = kubectl
    const path = '/apis/lab.k1s.dev/v1/namespaces/default/gauges/a'
    expect(JSON.parse(await kubectl.print(`get --raw ${prefix}${path}`))).toMatchObject({
      spec: { count: 3 },
    })
    expect(await kubectl.fail(`get --raw ${prefix}/nothing`)).toBe(
      'Error from server (NotFound): the server could not find the requested resource\n',
    )
  })

  test('subresources are read', async () => {
    const [scale, status] = await Promise.all([
      kubectl.print('get gauge a --subresource=scale'),
      kubectl.json('get gauge a --subresource=status'),
    ])
    expect(withoutAge(scale)).toBe('NAME   DESIRED   AVAILABLE   AGE\na      3         0           <age>\n')
    expect(status).toMatchObject({ kind: 'Gauge', spec: { count: 3 } })
  })

  test('categories, short names, versions and files name objects', async () => {
    const [category, short, version, file] = await Promise.all([
      kubectl.print('get lab -o name'),
      kubectl.print('get gg/a sa/robot -o name'),
      kubectl.json('get plants.v1beta1.lab.k1s.dev fern'),
      kubectl.print('get -f - -o name', { input: everyKind }),
    ])
    expect(category).toBe('gauge.lab.k1s.dev/a\ngauge.lab.k1s.dev/b\n')
    expect(short).toBe('gauge.lab.k1s.dev/a\nserviceaccount/robot\n')
    expect(version).toMatchObject({ apiVersion: 'lab.k1s.dev/v1beta1' })
    expect(file.trim().split('\n')).toHaveLength(names.length)
  })

  test('what is not there is said in the words of an API server', async () => {
    const [name, kind, field, selector, ignored] = await Promise.all([
      kubectl.fail('get gauge nope'),
      kubectl.fail('get nopes'),
      kubectl.fail('get gauges --field-selector spec.count=3'),
      kubectl.fail(['get', 'cm', '-l', 'a in (']),
      kubectl.print('get gauge nope --ignore-not-found'),
    ])
    expect(name).toBe('Error from server (NotFound): gauges.lab.k1s.dev "nope" not found\n')
    expect(kind).toBe('error: the server doesn\'t have a resource type "nopes"\n')
    expect(field).toBe(
      'Error from server (BadRequest): Unable to find "lab.k1s.dev/v1, Resource=gauges" that match label selector "", field selector "spec.count=3": field label not supported: spec.count\n',
    )
    expect(selector).toContain("unable to parse requirement: found '', expected: ',', ')' or identifier")
    expect(ignored).toBe('')
  })

  test('events are those of an object', async () => {
    const [all, one] = await Promise.all([
      kubectl.print('events'),
      kubectl.print('events --for=configmap/settings'),
    ])
    for (const text of [all, one])
      expect(text).toMatch(/Normal +Changed +ConfigMap\/settings +the color is blue/)
  })

  test('-w prints objects, and every change as it is made', async () => {
    await kubectl.namespace('watched')
    await kubectl.create('{apiVersion: v1, kind: ConfigMap, metadata: {name: first, namespace: watched}}')
    const inNamespace = '-n watched'
    const watches = [
      kubectl.begin(`get cm -w --output-watch-events ${inNamespace}`),
      kubectl.begin(`get cm -w -l keep=yes -o name ${inNamespace}`),
      kubectl.begin(`get cm --watch-only -o jsonpath={.metadata.name}:{.data}; ${inNamespace}`),
      kubectl.begin(`get cm first -w -o yaml ${inNamespace}`),
    ] as const
    const [table, selected, only, yaml] = watches
    await Promise.all([table.printed('first'), yaml.printed('name: first')])
    for (let mark = 0; !only.stdout.includes('first'); mark++) {
      await kubectl.print(`label cm first mark=${mark} --overwrite ${inNamespace}`)
    }
    await kubectl.print(`create -f - ${inNamespace}`, {
      input:
        '---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: second, labels: {keep: "yes"}}, data: {a: b}}',
    })
    await selected.printed('configmap/second')
    await kubectl.print(`label cm second keep- ${inNamespace}`)
    await kubectl.print(`delete cm first second ${inNamespace}`)
    await Promise.all([
      table.printed('DELETED    second'),
      selected.printed('configmap/second\nconfigmap/second\n'),
      only.printed('first:;second:{"a":"b"};'),
      yaml.printed('mark: "0"'),
    ])
    for (const { process } of watches) process.kill()
    expect(only.stdout).toMatch(/^(first:;)+(second:{"a":"b"};){2}first:;second:{"a":"b"};$/)
    const events = table.stdout.split('\n').map((line) => line.split(/ +/).slice(0, 3).join(' '))
    expect([...new Set(events)]).toEqual([
      'EVENT NAME DATA',
      'ADDED first 0',
      'MODIFIED first 0',
      'ADDED second 1',
      'MODIFIED second 1',
      'DELETED first 0',
      'DELETED second 1',
      '',
    ])
  })
})
