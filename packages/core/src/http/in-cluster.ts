import { readFile, stat } from 'node:fs/promises'
import type { ClientConfig } from './client-config.ts'
import { tokenFile } from './token-file.ts'

/** Where Kubernetes puts what a Pod needs to reach its API server. */
export const serviceAccountDirectory = '/var/run/secrets/kubernetes.io/serviceaccount'

/** True in a Pod that has a ServiceAccount: `inClusterClientConfig.Possible` of clientcmd. */
export async function isInCluster(env: NodeJS.ProcessEnv, directory: string): Promise<boolean> {
  if (!env.KUBERNETES_SERVICE_HOST || !env.KUBERNETES_SERVICE_PORT) return false
  const token = await stat(`${directory}/token`).catch(() => undefined)
  return token !== undefined && !token.isDirectory()
}

/** `rest.InClusterConfig`: the ServiceAccount of the Pod, whose token is read again as it is renewed. */
export async function inClusterConfig(env: NodeJS.ProcessEnv, directory: string): Promise<ClientConfig> {
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '' } = env
  const certificateAuthority = await readFile(`${directory}/ca.crt`).catch(() => undefined)
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ...(certificateAuthority !== undefined && { tls: { certificateAuthority } }),
    credentials: await tokenFile(`${directory}/token`),
  }
}

export async function inClusterNamespace(env: NodeJS.ProcessEnv, directory: string): Promise<string> {
  if (env.POD_NAMESPACE) return env.POD_NAMESPACE
  const namespace = await readFile(`${directory}/namespace`, 'utf8').catch(() => '')
  return namespace.trim() || 'default'
}
