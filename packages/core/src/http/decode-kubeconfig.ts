import { dirname, isAbsolute, join, sep } from 'node:path'
import { isJsonObject, type JsonObject, quote } from '@k1s/apimachinery'
import { base64Error } from '../schema/base64.ts'
import type {
  ExecConfig,
  Kubeconfig,
  KubeconfigCluster,
  KubeconfigContext,
  KubeconfigUser,
} from './kubeconfig.ts'

/**
 * The content of the file at this absolute path, whose directory relative paths start from. Fields that clientcmd does
 * not know are ignored, as it does. An Error names the field that is wrong.
 */
export function decodeKubeconfig(value: unknown, file: string): Kubeconfig {
  const config = new Fields(value, '')
  config.expect('kind', 'Config')
  config.expect('apiVersion', 'v1')
  const base = dirname(file)
  return {
    currentContext: config.text('current-context') ?? '',
    clusters: config.named('clusters', 'cluster', (cluster) => decodeCluster(cluster, base)),
    users: config.named('users', 'user', (user) => decodeUser(user, base)),
    contexts: config.named('contexts', 'context', decodeContext),
  }
}

function decodeCluster(fields: Fields, base: string): KubeconfigCluster {
  return withoutEmpty({
    server: fields.text('server'),
    tlsServerName: fields.text('tls-server-name'),
    insecureSkipTLSVerify: fields.flag('insecure-skip-tls-verify'),
    certificateAuthority: fields.path('certificate-authority', base),
    certificateAuthorityData: fields.bytes('certificate-authority-data'),
    proxyUrl: fields.text('proxy-url'),
    disableCompression: fields.flag('disable-compression'),
    execConfig: fields.extension('client.authentication.k8s.io/exec'),
  })
}

function decodeUser(fields: Fields, base: string): KubeconfigUser {
  return withoutEmpty({
    clientCertificate: fields.path('client-certificate', base),
    clientCertificateData: fields.bytes('client-certificate-data'),
    clientKey: fields.path('client-key', base),
    clientKeyData: fields.bytes('client-key-data'),
    token: fields.text('token'),
    tokenFile: fields.path('tokenFile', base),
    as: fields.text('as'),
    asUid: fields.text('as-uid'),
    asGroups: fields.texts('as-groups'),
    asUserExtra: fields.extra('as-user-extra'),
    username: fields.text('username'),
    password: fields.text('password'),
    authProvider: fields.within('auth-provider')?.text('name'),
    exec: decodeExec(fields.within('exec'), base),
  })
}

function decodeExec(fields: Fields | undefined, base: string): ExecConfig | undefined {
  if (fields === undefined) return undefined
  const command = fields.text('command') ?? ''
  const apiVersion = fields.text('apiVersion') ?? ''
  return {
    // A bare name is looked up in $PATH.
    command: command.includes(sep) && !isAbsolute(command) ? join(base, command) : command,
    args: fields.texts('args') ?? [],
    env: fields
      .list('env')
      .map((item) => ({ name: item.text('name') ?? '', value: item.text('value') ?? '' })),
    apiVersion,
    installHint: fields.text('installHint') ?? '',
    provideClusterInfo: fields.flag('provideClusterInfo') ?? false,
    interactiveMode: fields.text('interactiveMode') || defaultInteractiveMode(apiVersion),
  }
}

/** `SetDefaults_ExecConfig`: v1 has to say it. */
function defaultInteractiveMode(apiVersion: string): string {
  return /^client\.authentication\.k8s\.io\/v1(alpha1|beta1)$/.test(apiVersion) ? 'IfAvailable' : ''
}

function decodeContext(fields: Fields): KubeconfigContext {
  return withoutEmpty({
    cluster: fields.text('cluster'),
    user: fields.text('user'),
    namespace: fields.text('namespace'),
  })
}

type Present<T> = { [key in keyof T]?: NonNullable<T[key]> }

function withoutEmpty<T extends object>(fields: T): Present<T> {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')
  return Object.fromEntries(present) as Present<T>
}

/** An object of the file with its place in it, for errors. */
class Fields {
  readonly #object: JsonObject
  readonly #place: string

  constructor(value: unknown, place: string) {
    if (value !== undefined && value !== null && !isJsonObject(value)) {
      throw new Error(`${place === '' ? 'the kubeconfig' : place} has to be an object`)
    }
    this.#object = value ?? {}
    this.#place = place
  }

  text(name: string): string | undefined {
    const value = this.#object[name]
    if (value === undefined || value === null || typeof value === 'string') return value ?? undefined
    throw this.#wrong(name, 'a string')
  }

  flag(name: string): boolean | undefined {
    const value = this.#object[name]
    if (value === undefined || value === null || typeof value === 'boolean') return value ?? undefined
    throw this.#wrong(name, 'true or false')
  }

  bytes(name: string): Buffer | undefined {
    const text = this.text(name)
    if (!text) return undefined
    const problem = base64Error(text)
    if (problem !== undefined) throw new Error(`${this.#at(name)}: ${problem}`)
    return Buffer.from(text, 'base64')
  }

  path(name: string, base: string): string | undefined {
    const path = this.text(name)
    return path && !isAbsolute(path) ? join(base, path) : path
  }

  texts(name: string): readonly string[] | undefined {
    const value = this.#object[name]
    if (value === undefined || value === null) return undefined
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
    throw this.#wrong(name, 'a list of strings')
  }

  extra(name: string): { readonly [key: string]: readonly string[] } | undefined {
    const fields = this.within(name)
    if (fields === undefined) return undefined
    return Object.fromEntries(Object.keys(fields.#object).map((key) => [key, fields.texts(key) ?? []]))
  }

  within(name: string): Fields | undefined {
    const value = this.#object[name]
    return value === undefined || value === null ? undefined : new Fields(value, this.#at(name))
  }

  list(name: string): Fields[] {
    const value = this.#object[name] ?? []
    if (!Array.isArray(value)) throw this.#wrong(name, 'a list')
    return value.map((item, index) => new Fields(item, `${this.#at(name)}[${index}]`))
  }

  /** A list of objects with a name and a content. */
  named<T>(name: string, content: string, decode: (fields: Fields) => T): Map<string, T> {
    const entries = new Map<string, T>()
    for (const item of this.list(name)) {
      const key = item.text('name') ?? ''
      if (entries.has(key)) throw new Error(`${this.#at(name)}: duplicate name ${quote(key)} in list`)
      entries.set(key, decode(item.within(content) ?? new Fields({}, content)))
    }
    return entries
  }

  extension(wanted: string): unknown {
    const extensions = this.#object.extensions
    if (!Array.isArray(extensions)) return undefined
    return extensions.find((item) => isJsonObject(item) && item.name === wanted)?.extension
  }

  expect(name: string, wanted: string): void {
    const value = this.text(name)
    if (value && value !== wanted) {
      throw new Error(`${name} is ${quote(value)}, a kubeconfig has ${quote(wanted)}`)
    }
  }

  #at(name: string): string {
    return this.#place === '' ? name : `${this.#place}.${name}`
  }

  #wrong(name: string, wanted: string): Error {
    return new Error(`${this.#at(name)} has to be ${wanted}`)
  }
}
