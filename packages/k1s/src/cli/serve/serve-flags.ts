import { isDNS1123Label, quote } from '@k1s/apimachinery'
import { parseDurationFlag } from '../duration-flag.ts'
import type { FlagSet } from '../flag-set.ts'

export interface ServeFlags {
  host?: string
  bindAddress?: string
  port: number
  writeKubeconfig?: string
  contextName?: string
  readyFile?: string
  insecureHttp?: boolean
  tlsSanNames?: string[]
  tlsCertFile?: string
  tlsPrivateKeyFile?: string
  tokenFile?: string
  tenants?: string[]
  /** Milliseconds. */
  shutdownTimeout: number
}

export function addServeFlags(set: FlagSet): void {
  set
    .option('--host <address>', 'The address to listen on (default 127.0.0.1). 0.0.0.0 is all of them.')
    .option('--bind-address <address>', 'The same as --host.')
    .option('--port <number>', 'The port to listen on; 0 takes one that is free.', parsePort, 6443)
    .option(
      '--write-kubeconfig <file>',
      'Where to write the kubeconfig. In a file that exists, entries of other names are kept. By default it is beside the store.',
    )
    .option(
      '--context-name <name>',
      'The name of the context in the kubeconfig, and of its cluster and user (default k1s).',
      parseContextName,
    )
    .option(
      '--ready-file <file>',
      'A file that appears when requests are answered, holds the URL, and is removed at the end.',
    )
    .option('--insecure-http', 'Serve plain HTTP, on loopback addresses only. The token is still needed.')
    .option(
      '--tls-san-names <names>',
      'Further host names and addresses that the certificate is to be for.',
      parseList,
    )
    .option('--tls-cert-file <file>', 'A certificate of your own, with its chain, in place of a made one.')
    .option('--tls-private-key-file <file>', 'The private key of --tls-cert-file.')
    .option('--token-file <file>', 'A file with the token that clients send, in place of a made one.')
    .option('--tenants <names>', 'Further tenants that get a context in the kubeconfig.', parseTenants)
    .option(
      '--shutdown-timeout <duration>',
      'How long requests that are under way may take when the server is stopped.',
      parseTimeout,
      10_000,
    )
}

/** Throws an Error about flags that contradict each other. */
export function checkServeFlags(flags: ServeFlags): void {
  const { host, bindAddress, tlsCertFile, tlsPrivateKeyFile, insecureHttp, tlsSanNames } = flags
  const { writeKubeconfig, tenants, contextName } = flags
  if (host !== undefined && bindAddress !== undefined && host !== bindAddress) {
    throw new Error('--host and --bind-address are the same flag, and cannot have two values')
  }
  if ((tlsCertFile === undefined) !== (tlsPrivateKeyFile === undefined)) {
    throw new Error('--tls-cert-file and --tls-private-key-file must be given together')
  }
  if (insecureHttp && (tlsCertFile !== undefined || tlsSanNames !== undefined)) {
    throw new Error('--insecure-http serves without a certificate: it cannot be used with flags about one')
  }
  if (insecureHttp && writeKubeconfig === undefined && (tenants !== undefined || contextName !== undefined)) {
    throw new Error(
      '--tenants and --context-name are about the kubeconfig, and with --insecure-http there is none without --write-kubeconfig',
    )
  }
  if (tlsCertFile !== undefined && tlsSanNames !== undefined) {
    throw new Error(
      '--tls-san-names is about the certificate that k1s makes, and --tls-cert-file replaces it',
    )
  }
}

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new Error('must be a number from 0 to 65535')
}

function parseContextName(text: string): string {
  if (text !== '') return text
  throw new Error('must not be empty')
}

function parseTimeout(text: string): number {
  const timeout = parseDurationFlag(text)
  if (timeout < 0) throw new Error('must not be negative')
  return timeout
}

function parseList(text: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), ...text.split(',').filter((name) => name !== '')]
}

function parseTenants(text: string, previous: string[] | undefined): string[] {
  const tenants = parseList(text, previous)
  for (const tenant of tenants) {
    const [problem] = isDNS1123Label(tenant)
    if (problem !== undefined) throw new Error(`${quote(tenant)} cannot be the name of a tenant: ${problem}`)
  }
  return [...new Set(tenants)]
}
