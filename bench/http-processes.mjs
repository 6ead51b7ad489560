import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { generateBearerToken, issueTransientCertificate } from '@k1s/apiserver'

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

/** A certificate for loopback, as `k1s serve` makes it. */
export function loopbackCertificate() {
  return issueTransientCertificate(['127.0.0.1', 'localhost'])
}

export { generateBearerToken }
