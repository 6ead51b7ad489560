import { readFile } from 'node:fs/promises'
import { quote } from '@k1s/apimachinery'
import type { UserInfo } from '../request.ts'
import { clusterProblems, noServer, userProblems } from './check-kubeconfig.ts'
import type { ClientConfig, ServerTrust } from './client-config.ts'
import { ConfigurationError } from './configuration-error.ts'
import type { ConnectOptions } from './connect.ts'
import { type Credential, type Credentials, fixedCredentials } from './credentials.ts'
import { inClusterConfig, inClusterNamespace, isInCluster, serviceAccountDirectory } from './in-cluster.ts'
import type { KubeconfigCluster, KubeconfigContext, KubeconfigUser } from './kubeconfig.ts'
import { type LoadedKubeconfig, loadKubeconfig } from './load-kubeconfig.ts'
import { tokenFile } from './token-file.ts'

export interface ResolvedClientConfig {
  readonly config: ClientConfig
  readonly namespace: string
}

/**
 * The server, credentials and namespace that options and kubeconfig come to: `DeferredLoadingClientConfig` of
 * `k8s.io/client-go/tools/clientcmd`. Where neither names a server, that of the Pod that this runs in. ConfigurationError
 * if there is none, or if something is missing of what is named.
 */
export async function resolveClientConfig(
  options: ConnectOptions,
  serviceAccount: string = serviceAccountDirectory,
): Promise<ResolvedClientConfig> {
  const { env = process.env } = options
  const kubeconfig = await loadKubeconfig({ path: options.kubeconfig, env })
  const selection = selectContext(kubeconfig, options)
  const problems = problemsOf(selection)
  const [onlyProblem] = problems
  if (problems.length === 1 && onlyProblem === noServer) {
    if (await isInCluster(env, serviceAccount)) return inCluster(options, env, serviceAccount)
    throw invalid([noConfiguration(kubeconfig, selection)], kubeconfig)
  }
  if (problems.length > 0) throw invalid(problems, kubeconfig)
  return {
    config: await clientConfig(selection, env),
    namespace: selection.context.namespace || 'default',
  }
}

function noConfiguration(
  { files, currentContext, contexts, clusters }: LoadedKubeconfig,
  { contextName, clusterName }: Selection,
): string {
  if (clusterName !== '' && !clusters.has(clusterName)) {
    return `cluster ${quote(clusterName)} was not found for context ${quote(contextName)}`
  }
  if (files.length > 0 && currentContext === '' && contexts.size > 0) {
    return `no context chosen: set current-context, or name one of ${[...contexts.keys()].join(', ')}`
  }
  return 'no configuration has been provided, try setting KUBERNETES_MASTER environment variable'
}

interface Selection {
  readonly contextName: string
  readonly context: KubeconfigContext
  readonly cluster: KubeconfigCluster
  readonly user: KubeconfigUser
  readonly clusterName: string
  readonly userName: string
  /** The kubeconfig does not have the context. */
  readonly isContextMissing: boolean
}

function invalid(problems: readonly string[], { files }: LoadedKubeconfig): ConfigurationError {
  return new ConfigurationError(problems, files, { invalid: true })
}

/** What is named by an option has to be there; what the file names may be missing until it is needed. */
function selectContext(kubeconfig: LoadedKubeconfig, options: ConnectOptions): Selection {
  const contextName = options.context || kubeconfig.currentContext
  const found = kubeconfig.contexts.get(contextName)
  const context: KubeconfigContext = { ...found, ...(options.namespace && { namespace: options.namespace }) }
  const userName = options.user || found?.user || ''
  const user = kubeconfig.users.get(userName)
  if (user === undefined && options.user) {
    throw new ConfigurationError([`auth info ${quote(options.user)} does not exist`], kubeconfig.files)
  }
  const clusterName = options.cluster || found?.cluster || ''
  const cluster = kubeconfig.clusters.get(clusterName)
  if (cluster === undefined && options.cluster) {
    throw invalid([`no server found for cluster ${quote(options.cluster)}`], kubeconfig)
  }
  return {
    contextName,
    context,
    clusterName,
    userName,
    cluster: overrideCluster(cluster ?? {}, options),
    user: overrideUser(user ?? {}, options),
    isContextMissing: found === undefined && contextName !== '',
  }
}

/** `DirectClientConfig.getCluster`. */
function overrideCluster(cluster: KubeconfigCluster, options: ConnectOptions): KubeconfigCluster {
  const { server, certificateAuthority, insecureSkipTLSVerify, tlsServerName, env = process.env } = options
  const overridden: { -readonly [key in keyof KubeconfigCluster]: KubeconfigCluster[key] } = { ...cluster }
  if (server) overridden.server = server
  if (certificateAuthority || insecureSkipTLSVerify) {
    delete overridden.certificateAuthority
    delete overridden.certificateAuthorityData
    delete overridden.insecureSkipTLSVerify
    if (certificateAuthority) overridden.certificateAuthority = certificateAuthority
    if (insecureSkipTLSVerify) overridden.insecureSkipTLSVerify = true
  }
  if (tlsServerName || server) delete overridden.tlsServerName
  if (tlsServerName) overridden.tlsServerName = tlsServerName
  if (!overridden.server && env.KUBERNETES_MASTER) overridden.server = env.KUBERNETES_MASTER
  return overridden
}

/** A token that is given goes before one in a file, whose content client-go would prefer. */
function overrideUser(user: KubeconfigUser, options: ConnectOptions): KubeconfigUser {
  const { token, username, password, clientCertificate, clientKey, impersonate } = options
  const base: { -readonly [key in keyof KubeconfigUser]: KubeconfigUser[key] } = { ...user }
  if (token) {
    delete base.tokenFile
    base.token = token
  }
  if (username) base.username = username
  if (password) base.password = password
  if (clientCertificate) {
    delete base.clientCertificateData
    base.clientCertificate = clientCertificate
  }
  if (clientKey) {
    delete base.clientKeyData
    base.clientKey = clientKey
  }
  if (impersonate === undefined) return base
  const { as: _as, asUid: _uid, asGroups: _groups, asUserExtra: _extra, ...rest } = base
  const { name, uid, groups, extra } = impersonate
  return {
    ...rest,
    as: name,
    ...(uid && { asUid: uid }),
    ...(groups?.length && { asGroups: groups }),
    ...(extra && { asUserExtra: extra }),
  }
}

function problemsOf(selection: Selection): string[] {
  const { contextName, isContextMissing, userName, user, clusterName, cluster } = selection
  const others = [...userProblems(userName, user), ...clusterProblems(clusterName, cluster)]
  if (!isContextMissing) return others
  // That there is no server then goes without saying, as with kubectl.
  return [
    `context was not found for specified context: ${contextName}`,
    ...others.filter((problem) => problem !== noServer),
  ]
}

async function clientConfig({ cluster, user }: Selection, env: NodeJS.ProcessEnv): Promise<ClientConfig> {
  const server = cluster.server!
  const impersonate = impersonationOf(user)
  const common = {
    server,
    ...(cluster.proxyUrl && { proxyUrl: cluster.proxyUrl }),
    ...(cluster.disableCompression && { disableCompression: true }),
    ...(impersonate && { impersonate }),
  }
  // Credentials are not for everybody on the way to see.
  if (!server.startsWith('https://')) return common
  const tls = await serverTrust(cluster)
  return { ...common, tls, credentials: await credentialsOf(user, cluster, tls, env) }
}

async function serverTrust(cluster: KubeconfigCluster): Promise<ServerTrust> {
  const certificateAuthority =
    cluster.certificateAuthorityData ??
    (cluster.certificateAuthority ? await readFile(cluster.certificateAuthority) : undefined)
  return {
    ...(certificateAuthority && { certificateAuthority }),
    ...(cluster.insecureSkipTLSVerify && { insecureSkipVerify: true }),
    ...(cluster.tlsServerName && { serverName: cluster.tlsServerName }),
  }
}

async function credentialsOf(
  user: KubeconfigUser,
  cluster: KubeconfigCluster,
  tls: ServerTrust,
  env: NodeJS.ProcessEnv,
): Promise<Credentials> {
  const certificate = await certificateOf(user)
  if (user.tokenFile) return tokenFile(user.tokenFile, certificate)
  if (user.token) return fixedCredentials({ ...certificate, authorization: `Bearer ${user.token}` })
  if (user.username || user.password) {
    const pair = Buffer.from(`${user.username ?? ''}:${user.password ?? ''}`).toString('base64')
    return fixedCredentials({ ...certificate, authorization: `Basic ${pair}` })
  }
  if (user.exec !== undefined && certificate.certificate === undefined) {
    const { ExecCredentials } = await import('./exec-credentials.ts')
    return new ExecCredentials(user.exec, { ...cluster, ...caDataOf(tls) }, env)
  }
  return fixedCredentials(certificate)
}

function caDataOf({ certificateAuthority }: ServerTrust): { certificateAuthorityData?: Buffer } {
  return certificateAuthority === undefined
    ? {}
    : { certificateAuthorityData: Buffer.from(certificateAuthority) }
}

async function certificateOf(user: KubeconfigUser): Promise<Credential> {
  const certificate =
    user.clientCertificateData ??
    (user.clientCertificate ? await readFile(user.clientCertificate) : undefined)
  if (certificate === undefined) return {}
  const key = user.clientKeyData ?? (await readFile(user.clientKey!))
  return { certificate, key }
}

function impersonationOf({ as, asUid, asGroups, asUserExtra }: KubeconfigUser): UserInfo | undefined {
  if (!as) return undefined
  return {
    name: as,
    ...(asUid && { uid: asUid }),
    ...(asGroups && { groups: asGroups }),
    ...(asUserExtra && { extra: asUserExtra }),
  }
}

/** Of the options, those that `inClusterClientConfig.ClientConfig` takes. */
async function inCluster(
  options: ConnectOptions,
  env: NodeJS.ProcessEnv,
  directory: string,
): Promise<ResolvedClientConfig> {
  const config = await inClusterConfig(env, directory)
  return {
    config: {
      ...config,
      ...(options.token && { credentials: fixedCredentials({ authorization: `Bearer ${options.token}` }) }),
      ...(options.impersonate && { impersonate: options.impersonate }),
      ...(options.certificateAuthority && {
        tls: { certificateAuthority: await readFile(options.certificateAuthority) },
      }),
    },
    namespace: options.namespace || (await inClusterNamespace(env, directory)),
  }
}
