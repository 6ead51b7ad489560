import { type ChildProcess, spawn } from 'node:child_process'
import { normalize } from 'node:path'
import { isatty } from 'node:tty'
import { isJsonObject, type JsonObject } from '@k1s/apimachinery'
import type { Credential, Credentials } from './credentials.ts'
import type { ExecConfig, KubeconfigCluster } from './kubeconfig.ts'

/**
 * Credentials from a program: `k8s.io/client-go/plugin/pkg/client/auth/exec`, of which the texts are. It is run when the
 * first request needs it, once for those that come together, and again when what it gave has expired or been refused.
 */
export class ExecCredentials implements Credentials {
  readonly #exec: ExecConfig
  readonly #cluster: KubeconfigCluster
  readonly #env: NodeJS.ProcessEnv
  #cached: Issued | undefined
  #running: Promise<Credential> | undefined
  #plugin: ChildProcess | undefined

  /** The cluster is told to the program if it asks for it. */
  constructor(exec: ExecConfig, cluster: KubeconfigCluster, env: NodeJS.ProcessEnv) {
    if (!apiVersions.includes(exec.apiVersion)) {
      throw new Error(`exec plugin: invalid apiVersion ${JSON.stringify(exec.apiVersion)}`)
    }
    this.#exec = exec
    this.#cluster = cluster
    this.#env = env
  }

  current(): Promise<Credential> {
    const { expires = Number.POSITIVE_INFINITY, credential } = this.#cached ?? {}
    if (credential !== undefined && Date.now() <= expires) return Promise.resolve(credential)
    return this.#refresh()
  }

  async refused(credential: Credential): Promise<boolean> {
    if (credential !== this.#cached?.credential) return this.#cached !== undefined
    await this.#refresh()
    return true
  }

  /** A program that hangs would keep this one from its end. */
  close(): void {
    this.#plugin?.kill()
    this.#plugin?.stdout?.destroy()
    this.#plugin?.unref()
  }

  #refresh(): Promise<Credential> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #run(): Promise<Credential> {
    const interactive = isInteractive(this.#exec.interactiveMode)
    const { stdout, code } = await this.#execute(interactive)
    if (code !== 0) {
      throw new Error(`exec: executable ${normalize(this.#exec.command)} failed with exit code ${code}`)
    }
    this.#cached = readCredential(stdout, this.#exec.apiVersion)
    return this.#cached.credential
  }

  #execute(interactive: boolean): Promise<{ stdout: string; code: number }> {
    const { command, args, env } = this.#exec
    const info = JSON.stringify(this.#info(interactive))
    return new Promise((resolve, reject) => {
      const plugin = spawn(normalize(command), args, {
        env: {
          ...this.#env,
          ...Object.fromEntries(env.map(({ name, value }) => [name, value])),
          KUBERNETES_EXEC_INFO: info,
        },
        stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'inherit'],
      })
      this.#plugin = plugin
      const chunks: Buffer[] = []
      plugin.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
      plugin.on('error', (error) => reject(this.#failure(error)))
      plugin.on('close', (code) => resolve({ stdout: Buffer.concat(chunks).toString(), code: code ?? -1 }))
    })
  }

  /** What the program learns from `KUBERNETES_EXEC_INFO`: an ExecCredential without a status. */
  #info(interactive: boolean): object {
    const { apiVersion, provideClusterInfo } = this.#exec
    const cluster = provideClusterInfo && { cluster: describeCluster(this.#cluster) }
    return { kind: 'ExecCredential', apiVersion, spec: { ...cluster, interactive } }
  }

  #failure(error: NodeJS.ErrnoException): Error {
    const command = normalize(this.#exec.command)
    const problem = startProblems[error.code ?? '']
    // Go looks up names, and tells what is wrong with paths.
    if (problem !== undefined && /[/\\]/.test(command)) {
      return new Error(`exec: fork/exec ${command}: ${problem}`, { cause: error })
    }
    if (problem === undefined) return new Error(`exec: ${error.message}`, { cause: error })
    const hint = this.#exec.installHint === '' ? '' : `\n\n${printable(this.#exec.installHint)}`
    const text = `exec: executable ${command} not found${notInstalled}${hint}`
    return new Error(text, { cause: error })
  }
}

const apiVersions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1']

interface Issued {
  readonly credential: Credential
  /** Milliseconds since 1970. */
  readonly expires?: number
}

const startProblems: { readonly [code: string]: string } = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
}

const notInstalled = `

It looks like you are trying to use a client-go credential plugin that is not installed.

To learn more about this feature, consult the documentation available at:
      https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins`

function isInteractive(mode: string): boolean {
  if (mode === 'Never') return false
  const terminal = isatty(0)
  if (mode === 'Always' && !terminal) {
    throw new Error('exec plugin cannot support interactive mode: standard input is not a terminal')
  }
  return terminal
}

/** `Cluster` of `client.authentication.k8s.io/v1`. */
function describeCluster(cluster: KubeconfigCluster): object {
  return {
    server: cluster.server ?? '',
    ...(cluster.tlsServerName && { 'tls-server-name': cluster.tlsServerName }),
    ...(cluster.insecureSkipTLSVerify && { 'insecure-skip-tls-verify': true }),
    ...(cluster.certificateAuthorityData && {
      'certificate-authority-data': cluster.certificateAuthorityData.toString('base64'),
    }),
    ...(cluster.proxyUrl && { 'proxy-url': cluster.proxyUrl }),
    ...(cluster.disableCompression && { 'disable-compression': true }),
    config: cluster.execConfig ?? null,
  }
}

function readCredential(stdout: string, apiVersion: string): Issued {
  const answer = parse(stdout)
  if (answer.kind !== 'ExecCredential' || !apiVersions.includes(String(answer.apiVersion))) {
    throw new Error(
      `decoding stdout: no kind ${JSON.stringify(answer.kind ?? '')} is registered for version ${JSON.stringify(answer.apiVersion ?? '')}, expected an ExecCredential of ${apiVersion}`,
    )
  }
  if (answer.apiVersion !== apiVersion) {
    throw new Error(
      `exec plugin is configured to use API version ${apiVersion}, plugin returned version ${answer.apiVersion}`,
    )
  }
  if (!isJsonObject(answer.status)) throw new Error("exec plugin didn't return a status field")
  const token = text(answer.status, 'token')
  const certificate = text(answer.status, 'clientCertificateData')
  const key = text(answer.status, 'clientKeyData')
  if (token === '' && certificate === '' && key === '') {
    throw new Error("exec plugin didn't return a token or cert/key pair")
  }
  if ((certificate === '') !== (key === '')) {
    throw new Error('exec plugin returned only certificate or key, not both')
  }
  const expires = Date.parse(text(answer.status, 'expirationTimestamp'))
  return {
    credential: {
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      ...(certificate !== '' && { certificate, key }),
    },
    ...(!Number.isNaN(expires) && { expires }),
  }
}

function parse(stdout: string): JsonObject {
  let answer: unknown
  try {
    answer = JSON.parse(stdout)
  } catch (error) {
    throw new Error(`decoding stdout: ${(error as Error).message}`, { cause: error })
  }
  if (!isJsonObject(answer)) throw new Error('decoding stdout: not an ExecCredential')
  return answer
}

function text(status: JsonObject, field: string): string {
  const value = status[field] ?? ''
  if (typeof value !== 'string') throw new Error(`decoding stdout: status.${field} has to be a string`)
  return value
}

/** A hint may not do anything to the terminal: `cleanANSIEscapeCodes` of clientcmd. */
function printable(hint: string): string {
  return hint.replace(
    /[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Z}\t\n\v\f\r]/gu,
    (character) => `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`,
  )
}
