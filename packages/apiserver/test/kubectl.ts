import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'

/** The program that `$KUBECTL` names, or that of the path. */
const program = process.env.KUBECTL ?? 'kubectl'

/** Whether there is a kubectl; says that tests are skipped if not. */
export function hasKubectl(): boolean {
  try {
    execFileSync(program, ['version', '--client'], { stdio: 'ignore' })
    return true
  } catch {
    console.log('skipped: there is no kubectl, neither as $KUBECTL nor in the path')
    return false
  }
}

export interface Output {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the real kubectl with an empty cache of its own against the server with this URL. */
export function kubectlFor(server: () => string): (...args: string[]) => Promise<Output> {
  let directory = ''
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'k1s-kubectl-'))
    writeFileSync(join(directory, 'config'), '')
  })
  afterAll(() => rmSync(directory, { recursive: true }))
  return (...args) => {
    const connection = ['--kubeconfig', join(directory, 'config'), '--server', server()]
    const options = { env: { ...process.env, HOME: directory, KUBECACHEDIR: join(directory, 'cache') } }
    return new Promise((resolve) => {
      execFile(program, [...connection, ...args], options, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
      })
    })
  }
}
