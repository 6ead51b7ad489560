import { randomBytes } from 'node:crypto'
import type { APIServerOptions } from '@k1s/apiserver'
import type { UserInfo } from '@k1s/core'
import type { ServedEnvironment } from './served-environment.ts'

interface Served extends Pick<APIServerOptions, 'transport' | 'tenant' | 'onError'> {
  readonly storage: NonNullable<APIServerOptions['storage']>
  readonly namespace: string
  readonly user: UserInfo
  readonly tls: boolean
  readonly writeKubeconfig: boolean
}

/** How long requests that are under way may take when an endpoint closes, milliseconds. */
const closeTimeoutMs = 1000

/** Serves an environment on a free port of the loopback interface, to whoever has the token. */
export async function serveEnvironment({
  namespace,
  user,
  tls,
  writeKubeconfig,
  ...options
}: Served): Promise<ServedEnvironment> {
  const [{ createAPIServer, issueTransientCertificate }, { encodeYaml }] = await Promise.all([
    import('@k1s/apiserver'),
    import('@k1s/apimachinery/yaml'),
  ])
  const certificate = tls ? await issueTransientCertificate(['127.0.0.1', 'localhost']) : undefined
  const token = randomBytes(16).toString('hex')
  const server = await createAPIServer({
    ...options,
    port: 0,
    ...(certificate === undefined ? { insecureHttp: true } : { tls: certificate.serving }),
    authenticate: ({ headers }) => (headers.authorization === `Bearer ${token}` ? user : undefined),
  })
  const kubeconfig = encodeYaml(kubeconfigOf(server.url, token, namespace, certificate?.authority))
  const file = writeKubeconfig ? await write(kubeconfig) : undefined
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= Promise.all([server.close({ timeoutMs: closeTimeoutMs }), file?.remove()]).then(() => {})
    return closing
  }
  return {
    url: server.url,
    token,
    kubeconfig,
    ...(file !== undefined && { kubeconfigPath: file.path }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function kubeconfigOf(server: string, token: string, namespace: string, authority: string | undefined) {
  const name = 'test-environment'
  // Without this the client library of JavaScript refuses plain HTTP.
  const trust =
    authority === undefined
      ? { 'insecure-skip-tls-verify': true }
      : { 'certificate-authority-data': Buffer.from(authority).toString('base64') }
  const cluster = { server, ...trust }
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    users: [{ name, user: { token } }],
  }
}

async function write(kubeconfig: string): Promise<{ path: string; remove(): Promise<void> }> {
  const [{ mkdtemp, rm, writeFile }, { tmpdir }, { join }] = await Promise.all([
    import('node:fs/promises'),
    import('node:os'),
    import('node:path'),
  ])
  const directory = await mkdtemp(join(tmpdir(), 'k1s-test-environment-'))
  const path = join(directory, 'kubeconfig')
  await writeFile(path, kubeconfig, { mode: 0o600 })
  return { path, remove: () => rm(directory, { recursive: true, force: true }) }
}
