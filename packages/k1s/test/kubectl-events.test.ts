import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CliResult, CliSandbox } from './cli-process.ts'
import { ServerProcess } from './server-process.ts'

/** Times that no two commands tell differently, whichever second they run in: days ago, and more than there are hours. */
const daysAgo = (days: number) => new Date(Date.now() - (days * 24 + 1) * 3_600_000).toISOString()
const time = (days: number) => daysAgo(days).replace(/\.\d+/, '')
const microTime = (days: number) => daysAgo(days).replace(/\.\d+/, '.000000')

const counted = `
kind: Event
apiVersion: v1
metadata: {name: a.1, annotations: {k1s.dev/user: jane}}
involvedObject: {apiVersion: v1, kind: ConfigMap, name: a, namespace: default}
reason: Filled
message: "  to the <brim> & over "
type: Normal
count: 3
firstTimestamp: ${time(30)}
lastTimestamp: ${time(20)}
source: {component: tap, host: kitchen}`

const series = `
kind: Event
apiVersion: events.k8s.io/v1
metadata: {name: b.1}
regarding: {apiVersion: v1, kind: ConfigMap, name: b, namespace: default}
reason: Spilled
note: "two\\nlines"
type: Warning
eventTime: ${microTime(40)}
action: Fill
reportingController: k1s.dev/tap
reportingInstance: tap-1
series: {count: 4, lastObservedTime: ${microTime(25)}}`

const bare = `
kind: Event
apiVersion: v1
metadata: {name: c.1}
involvedObject: {apiVersion: v1, kind: Namespace, name: default}
reason: Odd`

const elsewhere = `
kind: Event
apiVersion: v1
metadata: {name: a.1, namespace: kube-system}
involvedObject: {apiVersion: v1, kind: ConfigMap, name: a, namespace: kube-system}
reason: Emptied
type: normal
firstTimestamp: ${time(50)}`

const crowd = `
{kind: Namespace, apiVersion: v1, metadata: {name: crowd}}
---
{kind: ConfigMap, apiVersion: v1, metadata: {name: d, namespace: crowd}}`

/** More than twelve of one time, which Go's sort does not leave in order. */
const many = (uid: string) =>
  Array.from(
    { length: 30 },
    (_, index) => `
kind: Event
apiVersion: v1
metadata: {name: d.${index}, namespace: crowd}
involvedObject: {apiVersion: v1, kind: ConfigMap, name: d, namespace: crowd, uid: ${uid}}
reason: Reason${index}
type: Normal
firstTimestamp: ${time(10)}
lastTimestamp: ${time(10 + (index % 2))}`,
  )

const lines: readonly (readonly string[])[] = [
  '',
  '-A --no-headers',
  '-n kube-system',
  '-n nowhere',
  '--chunk-size=1',
  '-n nowhere -A --types=NORMAL',
  '--types=warning',
  '--types=Normal --types=Warning',
  '--types=',
  '--types=Normal,,Warning',
  '--types=Odd',
  '--for=configmaps.v1./a -A',
  '--for=ConfigMap/b',
  '--for=ns/default',
  '--for=cm/none',
  '--for=cm/',
  '--for=a',
  '--for=a/b/c',
  '--for=/a',
  '--for=nothing/a',
  '--for=deploy.apps/a',
  '-o json',
  '-A -o yaml',
  '-o json --show-managed-fields',
  '-o jsonpath-as-json={.items[*].involvedObject.name}',
  'further words',
]
  .map((line) => (line === '' ? [] : line.split(' ')))
  .concat([['-A', '-o', 'jsonpath={range .items[*]}{.metadata.name}{"\\t"}{.type}{"\\n"}{end}']])

/** Those that are there, of the path and of $KUBECTL. */
const kubectls = [...new Set(['kubectl', process.env.KUBECTL ?? 'kubectl'])].flatMap((program) => {
  try {
    const text = execFileSync(program, ['version', '--client', '-o', 'json'], { encoding: 'utf8' })
    const { clientVersion } = JSON.parse(text) as { clientVersion: { minor: string } }
    return [{ program, minor: Number(clientVersion.minor) }]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
})

if (kubectls.length === 0) {
  test.skip('skipped: there is no kubectl in the path, and none is named by $KUBECTL', () => undefined)
}

describe.skipIf(kubectls.length === 0)('as kubectl prints it', () => {
  const server = new ServerProcess('lmdb')
  const { sandbox } = server
  const onServer = (args: readonly string[]) => sandbox.start([...args, `--kubeconfig=${server.kubeconfig}`])
  const onStore = (args: readonly string[]) => sandbox.start(args)
  const kubectl = kubectls.map(({ program }) => (args: readonly string[]) => {
    const cache = join(sandbox.directory, `cache-${program.replaceAll('/', '-')}`)
    const line = [...args, `--kubeconfig=${server.kubeconfig}`, `--cache-dir=${cache}`]
    // A process that lives for a moment need not collect its garbage.
    return sandbox.startProgram([program, ...line], { env: { GOGC: 'off', GOMEMLIMIT: '1GiB' } })
  })
  const everywhere = [onStore, onServer, ...kubectl]

  beforeAll(async () => {
    await server.start()
    const input = [counted, series, bare, elsewhere].join('\n---\n')
    await sandbox.succeed(['create', '-f', '-'], { input })
  })
  afterAll(async () => {
    await server.stop()
    sandbox.remove()
  })

  /** That all programs print the same, which is what is returned. */
  async function same(args: readonly string[], programs: typeof everywhere): Promise<string> {
    const [ours, ...others] = await Promise.all(programs.map((program) => program(args).result))
    for (const other of others) expect({ args, ...told(ours!) }).toEqual({ args, ...told(other) })
    return ours!.stdout
  }

  test('events, of all, some, or one object, in all outputs', async () => {
    for (const line of lines) await same(['events', ...line], [onStore, ...kubectl])
  })

  test('events that k1s reads from a server', async () => {
    const text = await same(['events', '-A'], everywhere)
    expect(text).toContain('25d (x4 over 40d)')
    await same(['events', '-o', 'json', '--for=cm/a'], everywhere)
  })

  test('events that come while they are watched, and not that they go', async () => {
    const args = ['events', '--watch', '-n', 'kube-system', '--types=Warning,Normal']
    const watches = everywhere.map((program) => program(args))
    await Promise.all(watches.map((watch) => watch.printed('Emptied')))
    const event = (name: string, type: string) => `
{kind: Event, apiVersion: v1, metadata: {name: ${name}, namespace: kube-system}, type: ${type}, reason: Spilled,
message: ${name}, involvedObject: {apiVersion: v1, kind: ConfigMap, name: a-longer-name, namespace: kube-system},
firstTimestamp: ${time(9)}}`
    const input = [event('odd', 'Odd'), event('even', 'Warning')].join('\n---\n')
    await sandbox.succeed(['create', '-f', '-'], { input })
    await sandbox.succeed(['delete', 'event', 'even', '-n', 'kube-system'])
    await sandbox.succeed(['create', '-f', '-'], { input: event('last', 'Normal') })
    await Promise.all(watches.map((watch) => watch.printed('last\n')))
    for (const watch of watches) watch.process.kill('SIGINT')
    const [ours, ...others] = await Promise.all(watches.map(({ result }) => result))
    expect(ours!.stdout).toMatch(/^LAST SEEN .*\n50d .*Emptied.*\n9d .*even\n9d .*last\n$/)
    for (const { stdout } of others) expect(stdout).toBe(ours!.stdout)
  })

  // Kubectls that were built with an older Go sort differently.
  test('many events of one time, listed and described', async () => {
    const programs = [onStore, ...kubectl.filter((_, index) => kubectls[index]!.minor >= 36)]
    await sandbox.succeed(['create', '-f', '-'], { input: crowd })
    const uid = await sandbox.succeed(['get', 'cm', 'd', '-n', 'crowd', '-o', 'jsonpath={.metadata.uid}'])
    await sandbox.succeed(['create', '-f', '-'], { input: many(uid).join('\n---\n') })
    expect(await same(['describe', 'cm', 'd', '-n', 'crowd'], programs)).toContain('Reason29')
    expect(await same(['events', '-n', 'crowd', '--chunk-size=7'], programs)).toContain('Reason29')
  })
})

describe('k1s events', () => {
  const sandbox = new CliSandbox()
  beforeAll(() => sandbox.succeed(['create', '-f', '-'], { input: [counted, bare].join('\n---\n') }))
  afterAll(() => sandbox.remove())

  test('-o name names events, of which kubectl prints nothing', async () => {
    expect(await sandbox.succeed(['events', '-o', 'name'])).toBe('event/c.1\nevent/a.1\n')
  })

  test.each(['wide', 'custom-columns=A:.kind'])('-o %s is refused, as by kubectl', async (output) => {
    expect(await sandbox.run(['events', '-o', output])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `error: unable to match a printer suitable for the output format "${output}", allowed formats are: json,jsonpath,jsonpath-as-json,jsonpath-file,name,yaml\n`,
    })
  })
})

/** What is compared: kubectl names itself, and logs of itself what client-go has to say. */
function told({ code, stdout, stderr }: CliResult) {
  return {
    code,
    stdout,
    stderr: stderr.replaceAll(/^[IWE]\d{4} .*\n/gm, '').replaceAll(/\bkubectl\b/g, 'k1s'),
  }
}
