import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CliOptions, CliResult, RunningCli } from './cli-process.ts'
import { ServerProcess } from './server-process.ts'

/** A command line: a text is split at blanks, an array is taken as it is. */
export type Line = string | readonly string[]

/** The real kubectl and a `k1s serve` of its own, whose store is in memory. */
export class Kubectl {
  readonly #server = new ServerProcess('memory')
  readonly sandbox = this.#server.sandbox
  readonly #program: string
  readonly #context: string

  constructor(program: string, context: string) {
    this.#program = program
    this.#context = context
  }

  start(): Promise<void> {
    return this.#server.start()
  }

  async stop(): Promise<void> {
    await this.#server.stop()
    this.sandbox.remove()
  }

  /** What every path of the tenant begins with. */
  get prefix(): string {
    return this.#context === 'k1s' ? '' : '/tenants/below'
  }

  run(line: Line, options: CliOptions = {}): Promise<CliResult> {
    return this.begin(line, options).result
  }

  /** Starts what goes on for long, such as a watch. */
  begin(line: Line, options: CliOptions = {}): RunningCli {
    const { directory } = this.sandbox
    const args = typeof line === 'string' ? line.split(' ') : line
    const client = [
      `--kubeconfig=${this.#server.kubeconfig}`,
      `--context=${this.#context}`,
      `--cache-dir=${join(directory, 'cache')}`,
    ]
    // A process that lives for a moment need not collect its garbage.
    const env = { TMPDIR: directory, GOGC: 'off', GOMEMLIMIT: '1GiB', ...options.env }
    return this.sandbox.startProgram([this.#program, ...args, ...client], { ...options, env })
  }

  /** Runs to a success that nothing is to be said of on stderr, and returns stdout. */
  async print(line: Line, options: CliOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(line, options)
    expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: '' })
    return stdout
  }

  /** Runs to a failure and returns stderr. */
  async fail(line: Line, options: CliOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(line, options)
    expect({ line, code, stdout }).toEqual({ line, code: 1, stdout: '' })
    return stderr
  }

  async json(line: string): Promise<unknown> {
    return JSON.parse(await this.print(`${line} -o json`))
  }

  /** What has to be there for a test: manifests in YAML. */
  async create(manifests: string): Promise<void> {
    // What begins with a brace is JSON to kubectl.
    await this.print('create -f -', { input: `---\n${manifests}` })
  }

  /** Creates a namespace for one test. */
  async namespace(name: string): Promise<void> {
    await this.create(`{apiVersion: v1, kind: Namespace, metadata: {name: ${name}}}`)
  }
}

/**
 * Calls `define` for every kubectl, at the server itself and below a tenant's prefix: if `$KUBECTL` names one, it is at the
 * server and that of the path below the prefix; otherwise that of the path is at both.
 */
export function onEachKubectl(define: (kubectl: Kubectl) => void): void {
  const ofPath = versionOf('kubectl')
  if (ofPath !== undefined) {
    onKubectl(`kubectl ${ofPath} below the prefix of a tenant`, new Kubectl('kubectl', 'k1s-below'), define)
  }
  onOneKubectl(define)
}

/** Calls `define` for `$KUBECTL` or else for the kubectl of the path, at the server itself. */
export function onOneKubectl(define: (kubectl: Kubectl) => void): void {
  const { KUBECTL } = process.env
  const program = KUBECTL ?? 'kubectl'
  const version = versionOf(program)
  if (version !== undefined) {
    onKubectl(`${program} ${version}`, new Kubectl(program, 'k1s'), define)
  } else if (KUBECTL !== undefined) {
    throw new Error(`$KUBECTL names ${KUBECTL}, which is not there`)
  } else {
    test.skip('skipped: there is no kubectl in the path, and none is named by $KUBECTL', () => undefined)
  }
}

function onKubectl(title: string, kubectl: Kubectl, define: (kubectl: Kubectl) => void): void {
  // Nearly all of the time is that of processes, which need not wait for each other.
  describe.concurrent(title, () => {
    beforeAll(() => kubectl.start())
    afterAll(() => kubectl.stop())
    define(kubectl)
  })
}

/** Of the program, or undefined if it is not there. */
function versionOf(program: string): string | undefined {
  try {
    const text = execFileSync(program, ['version', '--client', '-o', 'json'], { encoding: 'utf8' })
    return (JSON.parse(text) as { clientVersion: { gitVersion: string } }).clientVersion.gitVersion
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
