import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { CliSandbox, type RunningCli } from './cli-process.ts'

/** A `k1s serve` as a real process, with a context `k1s` for its tenant and another, `k1s-below`, for a further one. */
export class ServerProcess {
  readonly sandbox = new CliSandbox()
  readonly kubeconfig = join(this.sandbox.directory, 'kubeconfig')
  readonly #ready = join(this.sandbox.directory, 'ready')
  readonly #storage: 'memory' | 'lmdb'
  #port = '0'
  #process: RunningCli | undefined

  constructor(storage: 'memory' | 'lmdb') {
    this.#storage = storage
  }

  /** Resolves when requests are answered. Again after a {@link stop}, it is under the same address. */
  async start(): Promise<void> {
    this.#process = this.sandbox.start([
      'serve',
      `--storage=${this.#storage}`,
      `--port=${this.#port}`,
      '--tenants=below',
      `--write-kubeconfig=${this.kubeconfig}`,
      `--ready-file=${this.#ready}`,
    ])
    await this.#process.printed('export KUBECONFIG')
    await vi.waitUntil(() => existsSync(this.#ready), { timeout: 10_000 })
    this.#port = new URL(this.url).port
  }

  get url(): string {
    return readFileSync(this.#ready, 'utf8').trim()
  }

  async stop(): Promise<void> {
    this.#process?.process.kill('SIGTERM')
    expect(await this.#process?.result).toMatchObject({ code: 0 })
  }
}
