// What the demos of the examples are made of: they print commands and run them on a fresh store in ./.k1s-demo. Every line
// of output comes from the real program, each command being a process of its own.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { delimiter, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const store = '.k1s-demo'
const binaries = fileURLToPath(new URL('../node_modules/.bin', import.meta.url))

const ownVariables = Object.entries(process.env).filter(([name]) => !name.startsWith('K1S_'))
const env = {
  ...Object.fromEntries(ownVariables),
  PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}`,
  K1S_DATA_DIR: store,
  K1S_CONFIG: join(store, 'config'),
}

/** How long a process in the background may take to print what is expected of it, in milliseconds. */
const patience = 30_000

const running = new Set()

/** The directory of a demo, as commands name it. */
export function directoryOf(url) {
  return relative('', fileURLToPath(new URL('.', url))) || '.'
}

/** Runs a tour on a fresh store. One that fails ends the process with 1, and what goes on in the background. */
export async function play(tour) {
  try {
    rmSync(store, { recursive: true, force: true })
    await tour()
    console.log(`\nDone. The store is in ./${store}.`)
  } catch (error) {
    console.error(`\ndemo failed: ${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
    for (const child of running) child.kill('SIGKILL')
  }
}

export function say(text) {
  console.log(`\n# ${text}`)
}

/** Prints a command, runs it to its end, and fails unless that is the expected one. */
export async function run(command, expectedCode = 0) {
  console.log(`$ ${command}`)
  // Errors go where the output goes, so that they are in their place in a log.
  const child = spawn(command, { shell: true, stdio: ['ignore', 1, 1], env })
  const code = await endOf(child)
  if (code !== expectedCode) throw new Error(`\`${command}\` ended with ${code}, expected ${expectedCode}`)
}

/** The exit code of a process, or the signal that ended it. */
function endOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
}

/** A command that goes on in the background and whose lines are printed when the tour gets to them. */
export class Background {
  #command
  #child
  #ended
  #code
  #lines = []
  #wake = () => {}

  /** `command` is a program and arguments without spaces in them: no shell runs it, which would be what a signal ends. */
  constructor(command) {
    this.#command = command
    console.log(`$ ${command} &`)
    const [program, ...args] = command.split(' ')
    this.#child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env })
    running.add(this.#child)
    let rest = ''
    this.#child.stdout.setEncoding('utf8').on('data', (text) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop()
      this.#lines.push(...lines)
      this.#wake()
    })
    this.#ended = endOf(this.#child).then(
      (code) => this.#end(code),
      (error) => this.#end(error.message),
    )
  }

  /** Prints its lines up to one with this text, waiting for it. */
  async printUntil(text) {
    const timeout = setTimeout(() => this.#child.kill(), patience)
    try {
      for (let line = ''; !line.includes(text); ) {
        line = await this.#nextLine()
        console.log(`  | ${line}`)
      }
    } finally {
      clearTimeout(timeout)
    }
  }

  async #nextLine() {
    while (this.#lines.length === 0) {
      if (this.#code !== undefined) throw new Error(`\`${this.#command}\` ended early, with ${this.#code}`)
      await new Promise((resolve) => {
        this.#wake = resolve
      })
    }
    return this.#lines.shift()
  }

  #end(code) {
    running.delete(this.#child)
    this.#code = code
    this.#wake()
  }

  /** What Ctrl-C does. A program that does not expect it ends with 130. */
  async interrupt(expectedCode = 130) {
    this.#child.kill('SIGINT')
    await this.#ended
    if (this.#code !== expectedCode) {
      throw new Error(`\`${this.#command}\` ended with ${this.#code} on Ctrl-C, expected ${expectedCode}`)
    }
  }
}
