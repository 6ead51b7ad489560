import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../bin/k1s.cjs', import.meta.url))
const searchPath = `${dirname(process.execPath)}:${process.env.PATH ?? ''}`

export interface CliResult {
  readonly stdout: string
  readonly stderr: string
  /** The exit code; null if a signal ended the process. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface CliOptions {
  readonly input?: string
  readonly env?: { readonly [name: string]: string | undefined }
  readonly cwd?: string
  /** Runs as this user, which takes root. */
  readonly uid?: number
}

/** A directory of its own with a store in it, in which the built command line runs as real processes. */
export class CliSandbox {
  readonly directory = mkdtempSync(join(tmpdir(), 'k1s-cli-'))
  readonly dataDirectory = join(this.directory, 'data')

  /** Runs `k1s` with these arguments to its end. */
  run(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
    return this.start(args, options).result
  }

  /** As {@link run}, and fails with what was printed unless the exit code is 0. Returns stdout. */
  async succeed(args: readonly string[], options: CliOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, options)
    if (code !== 0) throw new Error(`k1s ${args.join(' ')} ended with ${code}\n${stdout}${stderr}`)
    return stdout
  }

  start(args: readonly string[], options: CliOptions = {}): RunningCli {
    return this.startProgram([process.execPath, program, ...args], options)
  }

  /** Starts another program with these arguments, in the same surroundings. */
  startProgram([file, ...args]: readonly [string, ...string[]], options: CliOptions = {}): RunningCli {
    return new RunningCli(spawn(file, args, this.#spawnOptions(options)), options.input)
  }

  /** Runs a line of shell in which `k1s` is the built command line. */
  shell(line: string, options: CliOptions = {}): Promise<CliResult> {
    const env = { ...options.env, PATH: `${this.#programs()}:${searchPath}` }
    return this.startProgram(['bash', '-c', line], { ...options, env }).result
  }

  /** Writes a file into the directory and returns its path. */
  file(name: string, text: string): string {
    const path = join(this.directory, name)
    writeFileSync(path, text)
    return path
  }

  remove(): void {
    chmodSync(this.directory, 0o700)
    rmSync(this.directory, { recursive: true, force: true })
  }

  /** A directory with a program `k1s`, whose process is the command line itself: what `$!` of a shell names. */
  #programs(): string {
    const directory = join(this.directory, '.bin')
    if (!existsSync(directory)) {
      mkdirSync(directory)
      const script = `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`
      writeFileSync(join(directory, 'k1s'), script, { mode: 0o755 })
    }
    return directory
  }

  #spawnOptions({ env, cwd = this.directory, uid }: CliOptions) {
    return {
      cwd,
      ...(uid !== undefined && { uid, gid: uid }),
      env: {
        PATH: searchPath,
        HOME: this.directory,
        USER: 'tester',
        TZ: 'UTC',
        K1S_DATA_DIR: this.dataDirectory,
        K1S_CONFIG: join(this.directory, 'config'),
        ...env,
      },
    }
  }
}

/** A process that may still run. */
export class RunningCli {
  readonly process: ChildProcess
  readonly result: Promise<CliResult>
  #stdout = ''
  #stderr = ''
  #waiting: (() => void)[] = []

  constructor(running: ChildProcess, input: string | undefined) {
    this.process = running
    this.process.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text
      this.#wake()
    })
    this.process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text
      this.#wake()
    })
    this.process.stdin!.on('error', () => undefined)
    this.process.stdin!.end(input ?? '')
    this.result = new Promise((resolve, reject) => {
      this.process.once('error', reject)
      this.process.once('close', (code, signal) => {
        resolve({ stdout: this.#stdout, stderr: this.#stderr, code, signal })
        this.#wake()
      })
    })
  }

  get stdout(): string {
    return this.#stdout
  }

  get stderr(): string {
    return this.#stderr
  }

  /** Resolves once stdout contains the text. Fails after ten seconds with what was printed instead. */
  async printed(text: string): Promise<void> {
    const deadline = Date.now() + 10_000
    while (!this.#stdout.includes(text)) {
      const left = deadline - Date.now()
      if (left <= 0 || this.process.exitCode !== null) {
        throw new Error(
          `expected ${JSON.stringify(text)} in stdout:\n${this.#stdout}\nstderr:\n${this.#stderr}`,
        )
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        this.#waiting.push(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
