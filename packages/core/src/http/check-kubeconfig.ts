import { accessSync, constants } from 'node:fs'
import { quote } from '@k1s/apimachinery'
import type { KubeconfigCluster, KubeconfigUser } from './kubeconfig.ts'

/** What is wrong with a cluster: `validateClusterInfo` of clientcmd. */
export function clusterProblems(name: string, cluster: KubeconfigCluster): string[] {
  if (Object.keys(cluster).length === 0) return [noServer]
  const problems: string[] = []
  if (!cluster.server) {
    problems.push(
      name === '' ? 'default cluster has no server defined' : `no server found for cluster ${quote(name)}`,
    )
  }
  const proxyProblem = cluster.proxyUrl && problemOfProxy(cluster.proxyUrl)
  if (proxyProblem) {
    problems.push(
      `invalid 'proxy-url' ${quote(cluster.proxyUrl!)} for cluster ${quote(name)}: ${proxyProblem}`,
    )
  }
  if (cluster.certificateAuthority && cluster.certificateAuthorityData) {
    problems.push(
      `certificate-authority-data and certificate-authority are both specified for ${name}. certificate-authority-data will override.`,
    )
  }
  if (cluster.certificateAuthority) {
    problems.push(...unreadable(cluster.certificateAuthority, 'certificate-authority', name))
  }
  if (cluster.insecureSkipTLSVerify && (cluster.certificateAuthority || cluster.certificateAuthorityData)) {
    problems.push('specifying a root certificates file with the insecure flag is not allowed')
  }
  return problems
}

/** `ErrEmptyCluster`. */
export const noServer = 'cluster has no server defined'

/** What is wrong with a user: `validateAuthInfo` of clientcmd. */
export function userProblems(name: string, user: KubeconfigUser): string[] {
  const problems = [...certificateProblems(name, user), ...execProblems(name, user)]
  const methods = [...(user.token ? ['token'] : []), ...(user.username || user.password ? ['basicAuth'] : [])]
  if (methods.length > 1) {
    problems.push(
      `more than one authentication method found for ${name}; found [${methods.join(' ')}], only one is allowed`,
    )
  }
  const impersonatesMore =
    user.asUid || user.asGroups?.length || Object.keys(user.asUserExtra ?? {}).length > 0
  if (impersonatesMore && !user.as) {
    problems.push(`requesting uid, groups or user-extra for ${name} without impersonating a user`)
  }
  if (user.authProvider && !user.exec) {
    problems.push(
      `the auth provider ${quote(user.authProvider)} of user ${quote(name)} is not supported: use the credential plugin of your provider in exec, such as gke-gcloud-auth-plugin, kubelogin or aws-iam-authenticator`,
    )
  }
  return problems
}

function certificateProblems(name: string, user: KubeconfigUser): string[] {
  const { clientCertificate, clientCertificateData, clientKey, clientKeyData } = user
  if (!clientCertificate && !clientCertificateData) return []
  const problems: string[] = []
  if (clientCertificate && clientCertificateData) {
    problems.push(
      `client-cert-data and client-cert are both specified for ${name}. client-cert-data will override.`,
    )
  }
  if (clientKey && clientKeyData) {
    problems.push(
      `client-key-data and client-key are both specified for ${name}; client-key-data will override`,
    )
  }
  if (!clientKey && !clientKeyData) {
    problems.push(
      `client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`,
    )
  }
  if (clientCertificate) problems.push(...unreadable(clientCertificate, 'client-cert', name))
  if (clientCertificate && clientKey) problems.push(...unreadable(clientKey, 'client-key', name))
  return problems
}

function execProblems(name: string, { exec, authProvider }: KubeconfigUser): string[] {
  if (exec === undefined) return []
  const problems: string[] = []
  const missing = (what: string) =>
    problems.push(`${what} must be specified for ${name} to use exec authentication plugin`)
  if (authProvider) {
    problems.push(`authProvider cannot be provided in combination with an exec plugin for ${name}`)
  }
  if (exec.command === '') missing('command')
  if (exec.apiVersion === '') missing('apiVersion')
  for (const variable of exec.env) if (variable.name === '') missing('env variable name')
  if (exec.interactiveMode === '') missing('interactiveMode')
  else if (!['Never', 'IfAvailable', 'Always'].includes(exec.interactiveMode)) {
    problems.push(`invalid interactiveMode for ${name}: ${quote(exec.interactiveMode)}`)
  }
  return problems
}

function problemOfProxy(proxy: string): string | undefined {
  if (!URL.canParse(proxy)) return `could not parse: ${proxy}`
  const scheme = new URL(proxy).protocol.slice(0, -1)
  if (['http', 'https', 'socks5'].includes(scheme)) return undefined
  return `unsupported scheme ${quote(scheme)}, must be http, https, or socks5`
}

function unreadable(file: string, field: string, name: string): string[] {
  try {
    accessSync(file, constants.R_OK)
    return []
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const problem = code === undefined ? undefined : fileProblems[code]
    return [
      `unable to read ${field} ${file} for ${name} due to ${problem ? `open ${file}: ${problem}` : message}`,
    ]
  }
}

const fileProblems: { readonly [code: string]: string } = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  ENOTDIR: 'not a directory',
}
