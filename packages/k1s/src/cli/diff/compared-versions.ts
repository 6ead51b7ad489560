import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Unstructured } from '@k1s/apimachinery'
import { encodeYaml } from '@k1s/apimachinery/yaml'
import { ExitError, type Info, type IOStreams } from '@k1s/cli-runtime'

/** Two directories, with a file for each object, and the program that compares them: Differ of `kubectl diff`. */
export class ComparedVersions implements Disposable {
  readonly #live = mkdtempSync(join(tmpdir(), 'LIVE-'))
  readonly #merged = mkdtempSync(join(tmpdir(), 'MERGED-'))

  write(info: Info, live: Unstructured | undefined, merged: Unstructured): void {
    const { group, version, kind } = info.mapping
    const name = `${group === '' ? '' : `${group}.`}${version}.${kind}.${info.namespace}.${info.name}`
    for (const [directory, object] of [
      [this.#live, live],
      [this.#merged, merged],
    ] as const) {
      writeFileSync(join(directory, name), object === undefined ? '' : encodeYaml(object), { mode: 0o700 })
    }
  }

  /** Throws an ExitError with code 1 if there are differences, an Error if the program fails. */
  runProgram(streams: IOStreams): void {
    const { program, args } = diffCommand(this.#live, this.#merged)
    streams.out.flush()
    // On a terminal the program may use colours, which it can only know by itself.
    const { status, error, stdout, stderr } = spawnSync(program, args, {
      encoding: 'utf8',
      maxBuffer: Number.POSITIVE_INFINITY,
      stdio: ['inherit', streams.out.isTTY ? 'inherit' : 'pipe', 'pipe'],
    })
    streams.out.write(stdout ?? '')
    streams.err.write(stderr ?? '')
    if (status === 0) return
    if (status === 1) throw new ExitError(1)
    throw new Error(`failed to run ${JSON.stringify(program)}: ${describeFailure(program, status, error)}`)
  }

  [Symbol.dispose](): void {
    for (const directory of [this.#live, this.#merged]) rmSync(directory, { recursive: true, force: true })
  }
}

/** The program of KUBECTL_EXTERNAL_DIFF with those of its arguments that are plain behind the directories, or `diff -u -N`. */
function diffCommand(live: string, merged: string): { program: string; args: string[] } {
  const external = process.env.KUBECTL_EXTERNAL_DIFF ?? ''
  if (external === '') return { program: 'diff', args: ['-u', '-N', live, merged] }
  const [program = '', ...args] = external.split(' ')
  return { program, args: [live, merged, ...args.filter((argument) => /^[a-zA-Z0-9\-=]+$/.test(argument))] }
}

/** In the words of Go's `os/exec`. */
function describeFailure(program: string, status: number | null, error: Error | undefined): string {
  if (status !== null) return `exit status ${status}`
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    return `exec: ${JSON.stringify(program)}: executable file not found in $PATH`
  }
  return error?.message ?? 'signal: killed'
}
