import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CliResult } from './cli-process.ts'
import { everyKind, gaugeDefinition } from './every-kind.ts'
import { ServerProcess } from './server-process.ts'

const testdata = fileURLToPath(new URL('../../../../shared/testdata/', import.meta.url))
const hasTestdata = existsSync(testdata)
if (!hasTestdata) console.warn(`skipped: the manifests of real users are not there (${testdata})`)

const definitions = hasTestdata
  ? ['gateway-api', 'cert-manager'].flatMap((folder) =>
      readdirSync(testdata + folder)
        .filter((file) => file.startsWith('crd-'))
        .map((file) => `${testdata}${folder}/${file}`),
    )
  : []
const examples = `${testdata}gateway-api/examples`

/** The minor version of a kubectl, or undefined if it is not there. */
function minorOf(program: string): number | undefined {
  try {
    const text = execFileSync(program, ['version', '--client', '-o', 'json'], { encoding: 'utf8' })
    return Number((JSON.parse(text) as { clientVersion: { minor: string } }).clientVersion.minor)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

const kubectls = ['kubectl', ...(process.env.KUBECTL === undefined ? [] : [process.env.KUBECTL])].flatMap(
  (program) => {
    const minor = minorOf(program)
    return minor === undefined ? [] : [{ program, minor }]
  },
)

/** Ages differ from one command to the next, and the padding behind them with their length. */
function withoutAges(text: string): string {
  return text
    .replaceAll(/(?<![\w-])\d+[smhdy](?:\d+[smhd])?(?=\s)( *)/g, (_, gap: string) =>
      gap === '' ? '<age>' : '<age> ',
    )
    .replaceAll(/(AGE|LAST SEEN|FIRST SEEN|CHECKED) +/g, '$1 ')
}

/**
 * Newer kubectls make columns as wide as all bytes of a cell, also of those that are not printed: what is behind a line
 * break, and more than one for a character.
 */
const isPaddedByBytes = (text: string) => /\.{3}|[^\x20-\x7e\n]/.test(text)

function compared({ code, stdout, stderr }: CliResult, exactWidths: boolean) {
  const text = withoutAges(stdout)
  return {
    code,
    stdout: exactWidths ? text : text.replaceAll(/ +/g, ' '),
    // What client-go logs of itself stands before what kubectl says.
    stderr: withoutAges(stderr.replaceAll(/^[IWE]\d{4} .*\n/gm, '')).replaceAll(/\bkubectl\b/g, 'k1s'),
  }
}

const server = new ServerProcess('lmdb')
const { sandbox } = server

const local = (args: readonly string[]) => sandbox.run(args)
const remote = (args: readonly string[]) => sandbox.run([...args, '--kubeconfig', server.kubeconfig])
const reference = (program: string, args: readonly string[]) =>
  sandbox.startProgram(
    [
      program,
      ...args,
      `--kubeconfig=${server.kubeconfig}`,
      `--cache-dir=${join(sandbox.directory, `cache-${program.replaceAll('/', '-')}`)}`,
    ],
    // A process that lives for a moment need not collect its garbage.
    { env: { GOGC: 'off', GOMEMLIMIT: '1GiB' } },
  ).result

beforeAll(async () => {
  if (kubectls.length === 0) return
  await server.start()
  const file = (text: string) => sandbox.file('objects.yaml', text)
  await sandbox.succeed(['create', '-f', file(gaugeDefinition)])
  await sandbox.succeed(['create', '-f', file(everyKind)])
  if (!hasTestdata) return
  await sandbox.succeed(['create', ...definitions.flatMap((path) => ['-f', path])])
  const namespaces = readdirSync(examples).flatMap((name) =>
    [...readFileSync(`${examples}/${name}`, 'utf8').matchAll(/^ *namespace: *(\S+)/gm)].map(
      ([, found]) => found!,
    ),
  )
  for (const namespace of new Set(namespaces)) await sandbox.run(['create', 'namespace', namespace])
  await sandbox.succeed(['apply', '-f', examples])
})
afterAll(async () => {
  if (kubectls.length > 0) await server.stop()
  sandbox.remove()
})

/** What is asked: words, or a text that is split at blanks. */
type Line = string | readonly string[]

interface Kubectl {
  readonly program: string
  readonly minor: number
}

/** The kubectl whose descriptions and lists of resources k1s has; older ones print less. */
const newKubectls = kubectls.filter(({ minor }) => minor >= 36)

/** Compares exit code, stdout and stderr of `k1s` on the store, of `k1s` through the server, and of kubectl. */
async function expectSameOutput(line: Line, programs: readonly Kubectl[] = kubectls): Promise<void> {
  const args = typeof line === 'string' ? line.split(' ') : line
  const [onStore, throughServer, ...ofKubectl] = await Promise.all([
    local(args),
    remote(args),
    ...programs.map(({ program }) => reference(program, args)),
  ])
  for (const [index, { minor }] of programs.entries()) {
    const exact = minor < 36 || !isPaddedByBytes(onStore.stdout)
    const expected = { line, ...compared(ofKubectl[index]!, exact) }
    expect({ line, ...compared(throughServer, exact) }).toEqual(expected)
    expect({ line, ...compared(onStore, exact) }).toEqual(expected)
  }
}

const forms: readonly Line[] = [
  '',
  '-o wide',
  '-o name',
  '-A',
  '-A -o wide --show-labels',
  '--show-labels',
  '--show-kind',
  '--sort-by=.metadata.uid',
  '-L app,app.kubernetes.io/name',
  '-o json',
  '-A -o yaml',
  ['-o', 'jsonpath={range .items[*]}{.kind}/{.metadata.name}{"\\n"}{end}'],
  '-o custom-columns=N:.metadata.name,L:.metadata.labels,X:.spec',
  '--no-headers',
  '-l app=web',
  '-A -l !app --chunk-size=2',
  '-n nowhere',
]

const formsOf = (type: string): readonly Line[] =>
  forms.map((form) => ['get', type, ...(typeof form === 'string' ? form.split(' ').filter(Boolean) : form)])

describe
  .skipIf(kubectls.length === 0)
  .concurrent('kubectl and k1s, on the store and through the server, print the same', () => {
    test.each(formsOf('gauges').map((line) => [line]))('%s', (line) => expectSameOutput(line))

    test('of all kinds at once, in every form', async () => {
      const printed = await sandbox.succeed(['api-resources', '--verbs=list', '-o', 'name'])
      const lines = formsOf(printed.trim().split('\n').join(','))
      // kubectl cannot sort several kinds.
      const sortable = (line: Line) => !line.includes('--sort-by=.metadata.uid')
      // The first kubectl has the exact widths; all kubectls print each form of one kind above.
      for (const line of lines.filter(sortable)) await expectSameOutput(line, kubectls.slice(0, 1))
    })

    test.each<Line>([
      'get all',
      'get all -A --show-labels',
      'get lab',
      'get gg/a cm/settings',
      'get cm settings empty',
      'get cm settings nope',
      'get cm settings nope -o name',
      'get cm settings nope -o json',
      'get cm nope',
      'get cm nope -o yaml',
      'get cm nope --ignore-not-found',
      'get cm nope -n nowhere',
      'get nokind',
      'get nokind/x',
      'get cm,nokind',
      'get cm a b/c',
      'get cm settings -A',
      'get gauge a --subresource=scale',
      'get gauge a --subresource=status -o yaml',
      'get gauges.v1.lab.k1s.dev a',
      'get gauge.lab a -o jsonpath={.spec}',
      'get gauges --sort-by=.spec.count',
      'get cm --field-selector=metadata.name=settings',
      'get cm --field-selector=foo=bar',
      'get cm -l =,',
      'get plants.v1beta1.lab.k1s.dev -o yaml',
      'get cm --show-labels -o json',
      'get cm --output-watch-events',
      'get -f objects.yaml',
      'get -f objects.yaml -o name',
      'get -f missing.yaml',
      'get',
      'api-versions',
      'api-versions x',
      'api-resources',
      'api-resources -o wide',
      'api-resources -o name',
      'api-resources --no-headers --sort-by=kind',
      'api-resources --namespaced=false --verbs=list,watch',
      'api-resources --api-group=lab.k1s.dev --categories=all',
      'api-resources --sort-by=foo',
      'explain gauges',
      'explain gauges --recursive',
      'explain gauges.spec.marks',
      'explain gauges.nope',
      'explain nope',
      'explain cm --recursive',
      'explain crd.spec.names',
      'explain events --api-version=events.k8s.io/v1',
      'describe gauge a',
      'describe cm settings-with-a-name-that-is-rather-long -n lab',
      'describe secret password',
      'describe quota small',
      'describe namespace lab',
      'describe lease leader',
      'describe plant fern',
      'describe cm nope',
      'describe cm -n nowhere',
      'describe nokind',
      'wait cm/settings --for=jsonpath={.data.color}=blue',
      'wait gauge/a --for=condition=Ready --timeout=1s',
      'wait gauge/a --for=delete --timeout=1s',
      'wait cm/nope --for=delete',
      'wait cm/nope --for=jsonpath={.x}=1',
      'wait cm -l app=none --for=condition=x --timeout=1s',
    ])('%s', (line) => expectSameOutput(line))

    test
      .runIf(newKubectls.length > 0)
      .each<Line>([
        'api-resources -o json --api-group=lab.k1s.dev',
        'api-resources -o yaml --api-group=lab.k1s.dev',
        'describe sa',
        'describe gauges,plants,leases,quota,events -A',
        'describe crd gauges.lab.k1s.dev',
        'describe validatingadmissionpolicies,validatingadmissionpolicybindings',
        'describe mutatingadmissionpolicies,mutatingadmissionpolicybindings',
        'explain cm --output=plaintext-openapiv2',
        ...(hasTestdata ? ['describe gateways,httproutes -A'] : []),
      ])('%s, of a kubectl of this time', (line) => expectSameOutput(line, newKubectls))
  })
