import {
  type CertifiedKey,
  generateBearerToken,
  issueTransientCertificate,
  loadBearerToken,
  loadServingCertificate,
  readBearerToken,
  servingNames,
} from '@k1s/apiserver'
import type { ListenAddress } from './listen-address.ts'
import { readOwnCertificate } from './own-certificate.ts'
import type { ServeFlags } from './serve-flags.ts'
import type { ServerFiles } from './server-files.ts'

/** What a server shows its clients, and what they show it. */
export interface ServerIdentity {
  /** Undefined for plain HTTP. */
  readonly certificate: IdentityCertificate | undefined
  readonly token: string
}

export interface IdentityCertificate {
  readonly serving: CertifiedKey
  /** For the kubeconfig; undefined if clients have to know it already. */
  readonly authority: string | undefined
  readonly tlsServerName?: string | undefined
}

export async function loadIdentity(
  flags: ServeFlags,
  address: ListenAddress,
  files: ServerFiles,
): Promise<ServerIdentity> {
  return { certificate: await loadCertificate(flags, address, files), token: loadToken(flags, files) }
}

/** Again, this gives a certificate that lasts on. */
export async function loadCertificate(
  { insecureHttp, tlsCertFile, tlsPrivateKeyFile, tlsSanNames }: ServeFlags,
  { host, address, urlHost }: ListenAddress,
  { directory, isTransient }: ServerFiles,
): Promise<IdentityCertificate | undefined> {
  if (insecureHttp) return undefined
  if (tlsCertFile !== undefined && tlsPrivateKeyFile !== undefined) {
    return readOwnCertificate(tlsCertFile, tlsPrivateKeyFile, urlHost.replace(/^\[(.*)\]$/, '$1'))
  }
  const names = servingNames(host, [...(host === address ? [] : [address]), ...(tlsSanNames ?? [])])
  return isTransient ? issueTransientCertificate(names) : loadServingCertificate(directory, names)
}

function loadToken({ tokenFile }: ServeFlags, { directory, isTransient }: ServerFiles): string {
  if (tokenFile !== undefined) return readBearerToken(tokenFile)
  return isTransient ? generateBearerToken() : loadBearerToken(directory)
}
