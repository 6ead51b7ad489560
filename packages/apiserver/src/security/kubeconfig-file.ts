import { readFileSync, realpathSync } from 'node:fs'
import { withFileLock } from './file-lock.ts'
import { makeParentDirectory, replacePrivateFile } from './private-file.ts'

/** How clients reach a server, for the entries of a kubeconfig. */
export interface KubeconfigEntries {
  /** URL of the server. The tenants follow below `/tenants/`. */
  server: string
  /** PEM of the authority that signed the server's certificate. Without, clients trust those of their system. */
  certificateAuthority?: string | undefined
  /** The name in the server's certificate, where that is not the host of the URL. */
  tlsServerName?: string | undefined
  token: string
  /** Of the context of the server's own tenant, its cluster and its user. Default: `k1s`. */
  name?: string
  /** Tenants besides the server's own. */
  tenants?: readonly string[]
}

export interface WriteKubeconfigOptions {
  /**
   * Asked, while nobody else changes the file, about the server that the entries of this name are of by now. If it may
   * not be replaced, the file stays as it is.
   */
  mayReplace?: (existing: KubeconfigEntries) => Promise<boolean>
}

/** What a kubeconfig has come to. */
export interface WrittenKubeconfig {
  readonly currentContext: string
  /** Those of the server: of its own tenant, and then of others. */
  readonly contexts: readonly string[]
}

/**
 * Writes the context `k1s`, a context `k1s-NAME` for each further tenant, and what belongs to them, into a kubeconfig
 * that only its owner can read. Other entries stay as they are, and so does a current-context that is one of them; what
 * a user added to a context of ours, such as a namespace, stays too. Contexts of tenants that were written before and are
 * not named now are kept, and name the server as it is now. Undefined if `mayReplace` said no.
 *
 * @throws Error that names the file if it holds something else than a kubeconfig, which is then not touched.
 */
export async function writeKubeconfig(
  path: string,
  entries: KubeconfigEntries,
  { mayReplace }: WriteKubeconfigOptions = {},
): Promise<WrittenKubeconfig | undefined> {
  makeParentDirectory(path)
  const file = followLinks(path)
  const { name = 'k1s' } = entries
  let result: WrittenKubeconfig | undefined
  await withFileLock(file, async () => {
    const text = readText(file)
    const { decodeYaml, encodeYaml } = await import('@k1s/apimachinery/yaml')
    const documents = text === undefined ? [] : decodeYaml(text, { file })
    if (documents.length > 1) throw notKubeconfig(file, 'it holds several documents')
    const config = parseKubeconfig(documents[0]?.value, file)
    const existing = existingEntries(config, name)
    if (existing !== undefined && (await mayReplace?.(existing)) === false) return
    const tenants = new Set([...(entries.tenants ?? []), ...pastTenants(config, name)])
    const merged = merge(config, { ...entries, name, tenants: [...tenants] })
    const written = encodeYaml(merged)
    result = {
      currentContext: merged['current-context'],
      contexts: [name, ...Array.from(tenants, (tenant) => `${name}-${tenant}`)],
    }
    if (written !== text) replacePrivateFile(file, written)
  })
  return result
}

interface Kubeconfig {
  readonly [field: string]: unknown
  readonly clusters: readonly NamedEntry[]
  readonly contexts: readonly NamedEntry[]
  readonly users: readonly NamedEntry[]
}

interface NamedEntry {
  readonly name: string
  readonly [field: string]: unknown
}

function merge(
  config: Kubeconfig,
  entries: Required<Pick<KubeconfigEntries, 'name' | 'tenants'>> & KubeconfigEntries,
): Kubeconfig & { 'current-context': string } {
  const { name, server, certificateAuthority, tlsServerName, token, tenants } = entries
  const cluster = (url: string) => ({
    ...(certificateAuthority !== undefined && {
      'certificate-authority-data': Buffer.from(certificateAuthority).toString('base64'),
    }),
    server: url,
    ...(tlsServerName !== undefined && { 'tls-server-name': tlsServerName }),
  })
  const clusters = [
    { name, cluster: cluster(server) },
    ...tenants.map((tenant) => ({
      name: `${name}-${tenant}`,
      cluster: cluster(`${server}/tenants/${tenant}`),
    })),
  ]
  const contexts = clusters.map(({ name: cluster }) => {
    const existing = config.contexts.find((entry) => entry.name === cluster)?.context
    return { name: cluster, context: { ...(isRecord(existing) && existing), cluster, user: name } }
  })
  const merged = {
    clusters: put(config.clusters, clusters),
    contexts: put(config.contexts, contexts),
    users: put(config.users, [{ name, user: { token } }]),
  }
  const current = config['current-context']
  const stays = merged.contexts.some((entry) => entry.name === current)
  return {
    ...config,
    apiVersion: 'v1',
    kind: 'Config',
    ...merged,
    'current-context': stays ? (current as string) : name,
  }
}

/** The server that entries of this name are of, if they are whole. */
function existingEntries({ clusters, users }: Kubeconfig, name: string): KubeconfigEntries | undefined {
  const cluster = clusters.find((entry) => entry.name === name)?.cluster
  const user = users.find((entry) => entry.name === name)?.user
  if (!isRecord(cluster) || typeof cluster.server !== 'string') return undefined
  if (!isRecord(user) || typeof user.token !== 'string') return undefined
  const { 'certificate-authority-data': authority, 'tls-server-name': tlsServerName } = cluster
  return {
    server: cluster.server,
    certificateAuthority:
      typeof authority === 'string' ? Buffer.from(authority, 'base64').toString() : undefined,
    tlsServerName: typeof tlsServerName === 'string' ? tlsServerName : undefined,
    token: user.token,
    name,
  }
}

/** Tenants that an earlier run wrote a context for, and nobody has changed it into something else since. */
function pastTenants({ clusters, contexts }: Kubeconfig, name: string): string[] {
  return contexts.flatMap(({ name: entry, context }) => {
    if (!entry.startsWith(`${name}-`)) return []
    if (!isRecord(context) || context.cluster !== entry || context.user !== name) return []
    const tenant = entry.slice(name.length + 1)
    const cluster = clusters.find((candidate) => candidate.name === entry)?.cluster
    const server = isRecord(cluster) ? cluster.server : undefined
    return typeof server === 'string' && server.endsWith(`/tenants/${tenant}`) ? [tenant] : []
  })
}

/** Ours in their old places or at the end. */
function put(entries: readonly NamedEntry[], ours: readonly NamedEntry[]): NamedEntry[] {
  const left = new Map(ours.map((entry) => [entry.name, entry]))
  const kept: NamedEntry[] = []
  for (const entry of entries) {
    const own = left.get(entry.name)
    left.delete(entry.name)
    if (own !== undefined) kept.push(own)
    else if (!ours.some(({ name }) => name === entry.name)) kept.push(entry)
  }
  return [...kept, ...left.values()]
}

function parseKubeconfig(value: unknown, file: string): Kubeconfig {
  const config = value ?? {}
  if (!isRecord(config)) throw notKubeconfig(file, 'it is not an object')
  const { kind = 'Config', apiVersion = 'v1' } = config
  if (kind !== 'Config' || apiVersion !== 'v1') {
    throw notKubeconfig(
      file,
      `expected apiVersion "v1" and kind "Config", not ${JSON.stringify(apiVersion)} and ${JSON.stringify(kind)}`,
    )
  }
  const entriesOf = (field: string): NamedEntry[] => {
    const entries = config[field] ?? []
    if (!Array.isArray(entries) || !entries.every(isNamedEntry)) {
      throw notKubeconfig(file, `${field} must be a list of objects with names`)
    }
    return entries
  }
  return {
    ...config,
    clusters: entriesOf('clusters'),
    contexts: entriesOf('contexts'),
    users: entriesOf('users'),
  }
}

function notKubeconfig(file: string, why: string): Error {
  return new Error(`${file} is no kubeconfig, and is left as it is: ${why}`)
}

function isNamedEntry(value: unknown): value is NamedEntry {
  return isRecord(value) && typeof value.name === 'string'
}

function isRecord(value: unknown): value is { readonly [field: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Replacing a link would part it from the file that somebody keeps elsewhere. */
function followLinks(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return path
    throw error
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Error(`cannot read ${file}: ${(error as Error).message}`, { cause: error })
  }
}
