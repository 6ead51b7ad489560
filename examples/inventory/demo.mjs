// The tour of `npm run demo`: prints and runs commands on a fresh store in ./.k1s-demo. Every line of output comes
// from the real `k1s`, each command being a process of its own.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { delimiter, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const store = '.k1s-demo'
const example = relative('', fileURLToPath(new URL('.', import.meta.url))) || '.'
const binaries = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url))

const ownVariables = Object.entries(process.env).filter(([name]) => !name.startsWith('K1S_'))
const env = {
  ...Object.fromEntries(ownVariables),
  PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}`,
  K1S_DATA_DIR: store,
  K1S_CONFIG: join(store, 'config'),
}

/** How long the watch may take to print what is expected of it, in milliseconds. */
const patience = 30_000

function say(text) {
  console.log(`\n# ${text}`)
}

/** Prints a command, runs it to its end, and fails unless that is the expected one. */
async function run(command, expectedCode = 0) {
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

/** A `k1s` that goes on in the background and whose lines are printed when the tour gets to them. */
class Watch {
  #command
  #child
  #ended
  #code
  #lines = []
  #wake = () => {}

  constructor(...args) {
    this.#command = `k1s ${args.join(' ')}`
    console.log(`$ ${this.#command} &`)
    // Not through a shell, which would be what the signal ends.
    this.#child = spawn('k1s', args, { stdio: ['ignore', 'pipe', 'inherit'], env })
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
    this.#code = code
    this.#wake()
  }

  /** What Ctrl-C does. */
  async interrupt() {
    this.#child.kill('SIGINT')
    await this.#ended
    if (this.#code !== 130)
      throw new Error(`\`${this.#command}\` ended with ${this.#code} on Ctrl-C, expected 130`)
  }

  kill() {
    this.#child.kill('SIGKILL')
  }
}

let watch

async function tour() {
  rmSync(store, { recursive: true, force: true })

  say(`A fresh store: every command below works on ./${store}, with no server behind it.`)
  console.log(`$ export K1S_DATA_DIR=${store}`)

  say('Two new kinds, then three categories and twelve items of them.')
  await run(`k1s apply -f ${join(example, 'crds')}`)
  await run(`k1s apply -f ${join(example, 'resources')}`)
  await run('k1s api-resources --api-group=inventory.k1s.dev')

  say('Look at them. The columns are those of the CustomResourceDefinition.')
  await run('k1s get items')
  await run('k1s get items -l team=engineering -o wide')
  await run('k1s get inventory -o name')
  await run('k1s get items -l stock=low --field-selector spec.discontinued=false')
  await run('k1s describe item thinkpad-t480')

  say('Change one. Applying the files again touches only what differs from them.')
  await run(`k1s patch item hdmi-cable-3m --type=merge -p '{"spec":{"quantity":3}}'`)
  await run('k1s label item hdmi-cable-3m stock=low')
  await run(`k1s apply -f ${join(example, 'resources/accessories.yaml')}`)

  say('What the schema forbids is refused, and changes nothing.')
  await run(`k1s patch item hdmi-cable-3m --type=merge -p '{"spec":{"quantity":-1,"condition":"Broken"}}'`, 1)

  say('A second process watches; its lines are marked with a bar. A change of this one arrives there.')
  watch = new Watch('get', 'items', '-l', 'team=design', '-w')
  await watch.printUntil('studio-display')
  await run(`k1s patch item studio-display --type=merge -p '{"spec":{"quantity":1}}'`)
  await watch.printUntil('studio-display')

  say('The same from TypeScript: restock.ts fills up what is labelled stock=low, over the same store.')
  await run(`node ${join(example, 'dist/restock.js')}`)
  await run('k1s get items -l stock=low')
  await run('k1s get item k380-keyboard -o yaml')

  say('Remove everything of the category "inventory". The watch sees its part of that.')
  await run('k1s delete inventory --all')
  await watch.printUntil('studio-display')
  await watch.interrupt()
  await run('k1s get items')

  console.log(`\nDone. The store is in ./${store}.`)
}

try {
  await tour()
} catch (error) {
  console.error(`\ndemo failed: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
  watch?.kill()
}
