import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { generateBearerToken, issueTransientCertificate } from '@k1s/apiserver'
import { HttpConnection } from './http-client.mjs'
import { itemDefinition } from './item.mjs'
import { k1s } from './whole-process.mjs'

const program = fileURLToPath(new URL('./http-server.mjs', import.meta.url))

/** Starts a server of http-server.mjs: where it answers, and `stop`. */
export async function startServer(what, { certificate, token, ...options }) {
  const child = fork(program, [what], {
    execArgv: (process.env.K1S_BENCH_SERVER_ARGS ?? '').split(' ').filter(Boolean),
  })
  child.send({ ...options, token, ...(certificate !== undefined && { tls: certificate.serving }) })
  const [port] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`the ${what} server ended with code ${code}`)),
    ),
  ])
  const target = { port, token, ...(certificate !== undefined && { ca: certificate.authority }) }
  return {
    target,
    pid: child.pid,
    async stop() {
      const ended = once(child, 'exit')
      child.send('stop')
      await ended
    },
  }
}

/** Starts `k1s serve` on an LMDB store in a directory, over TLS with a token, and defines the kind Item. */
export async function startServe(path) {
  const token = generateBearerToken()
  const file = (name) => `${path}/${name}`
  writeFileSync(file('token'), token, { mode: 0o600 })
  const args = ['serve', '--port=0', `--token-file=${file('token')}`, `--ready-file=${file('ready')}`]
  const child = spawn(
    process.execPath,
    [
      ...(process.env.K1S_BENCH_SERVER_ARGS ?? '').split(' ').filter(Boolean),
      k1s,
      ...args,
      `--write-kubeconfig=${file('kubeconfig')}`,
    ],
    {
      env: {
        ...process.env,
        K1S_DATA_DIR: file('data'),
        K1S_CONFIG: file('config'),
        K1S_CONTEXT: '',
        K1S_STORAGE: 'lmdb',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  while (!existsSync(file('ready'))) {
    if (child.exitCode !== null) throw new Error(`k1s serve ended with code ${child.exitCode}`)
    await sleep(20)
  }
  const ca = /certificate-authority-data: (\S+)/.exec(readFileSync(file('kubeconfig'), 'latin1'))[1]
  const { port } = new URL(readFileSync(file('ready'), 'latin1').trim())
  const target = { port: Number(port), token, ca: Buffer.from(ca, 'base64') }
  const connection = await HttpConnection.open(target)
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  await connection.request('POST', definitions, JSON.stringify(itemDefinition))
  connection.close()
  return {
    target,
    pid: child.pid,
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** What a process holds apart from files that it has mapped, in MiB. */
export function anonymousMemoryOf(pid) {
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))[1]) / 1024
}

/** A certificate for loopback, as `k1s serve` makes it. */
export function loopbackCertificate() {
  return issueTransientCertificate(['127.0.0.1', 'localhost'])
}

export { generateBearerToken }
