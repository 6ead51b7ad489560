import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const peakMemory = fileURLToPath(new URL('./peak-memory.cjs', import.meta.url))
export const k1s = fileURLToPath(new URL('../packages/k1s/bin/k1s.cjs', import.meta.url))

/** Runs node with arguments and returns its wall time in milliseconds and its output. Throws if it fails. */
export function runNode(args, env = {}) {
  const start = process.hrtime.bigint()
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env: { ...process.env, ...env } })
  const wall = Number(process.hrtime.bigint() - start) / 1e6
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed: ${stderr}`)
  return { wall, output: stdout.toString() }
}

/** Its peak memory in MiB, in a run of its own: the preloaded script takes time. */
export function peakMemoryOf(args, env = {}) {
  const { status, output, stderr } = spawnSync(process.execPath, ['--require', peakMemory, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed: ${stderr}`)
  return Number(output[3].toString()) / 1024
}
