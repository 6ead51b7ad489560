import type { ResolvedConfig } from '@k1s/cli-runtime'
import type { ServerIdentity } from './server-identity.ts'
import type { ServerKubeconfig } from './server-kubeconfig.ts'

interface Served {
  readonly config: ResolvedConfig
  readonly identity: ServerIdentity
}

/** What a server says when it answers: what it serves, where, and a line for a shell with which to use it. */
export function introduction(
  url: string,
  kubeconfig: ServerKubeconfig | undefined,
  { config, identity }: Served,
): string {
  const store = config.storage === 'memory' ? 'a store in memory' : `the store at ${config.path}`
  return [
    `Serving tenant ${config.tenant} of ${store} on ${url}`,
    ...(kubeconfig === undefined ? [] : aboutKubeconfig(kubeconfig)),
    ...(identity.certificate === undefined ? overPlainHttp(url, identity) : useOf(kubeconfig)),
    '',
  ].join('\n')
}

function aboutKubeconfig({ file, contexts, currentContext, takenFile }: ServerKubeconfig): string[] {
  const lines = [
    `The kubeconfig is ${file}${contexts.length > 1 ? `, with the contexts ${contexts.join(', ')}` : ''}`,
  ]
  if (takenFile !== undefined) {
    lines.push(`It is removed at the end. Another server of this store runs, and has ${takenFile}`)
  }
  if (!contexts.includes(currentContext)) {
    lines.push(
      `Its current-context is still ${currentContext}: choose ours with kubectl --context=${contexts[0]}`,
    )
  }
  return lines
}

function useOf(kubeconfig: ServerKubeconfig | undefined): string[] {
  return kubeconfig === undefined ? [] : ['', `export KUBECONFIG=${shellQuote(kubeconfig.file)}`]
}

function overPlainHttp(url: string, { tokenFile }: ServerIdentity): string[] {
  return [
    'kubectl, k1s and all clients in Go send no token over plain HTTP, and are answered with 401: they need HTTPS',
    '',
    `curl -H "Authorization: Bearer $(cat ${shellQuote(tokenFile)})" ${url}/api/v1/namespaces`,
  ]
}

function shellQuote(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
