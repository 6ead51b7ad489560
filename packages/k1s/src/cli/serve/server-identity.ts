import { join, resolve } from 'node:path'
import {
  type CertifiedKey,
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
  /** The file that the token is in. */
  readonly tokenFile: string
}

export interface IdentityCertificate {
  readonly serving: CertifiedKey
  /** For the kubeconfig; undefined if clients have to know it already. */
  readonly authority: string | undefined
  readonly tlsServerName?: string | undefined
  /** Gives the one that is to be shown by now. Undefined if that is always this one. */
  readonly reload?: () => Promise<CertifiedKey>
}

/** Made at the first start, and found again by all later ones. */
export async function loadIdentity(
  flags: ServeFlags,
  address: ListenAddress,
  files: ServerFiles,
): Promise<ServerIdentity> {
  return { certificate: await loadCertificate(flags, address, files), ...loadToken(flags, files) }
}

async function loadCertificate(
  { insecureHttp, tlsCertFile, tlsPrivateKeyFile, tlsSanNames = [] }: ServeFlags,
  { host, address, urlHost }: ListenAddress,
  { directory, isTransient }: ServerFiles,
): Promise<IdentityCertificate | undefined> {
  if (insecureHttp) return undefined
  if (tlsCertFile !== undefined && tlsPrivateKeyFile !== undefined) {
    const read = () => readOwnCertificate(tlsCertFile, tlsPrivateKeyFile, urlHost.replace(/^\[|\]$/g, ''))
    return { ...read(), reload: async () => read().serving }
  }
  const names = servingNames(host, host === address ? tlsSanNames : [address, ...tlsSanNames])
  if (isTransient) return issueTransientCertificate(names)
  const load = () => loadServingCertificate(directory, names)
  return { ...(await load()), reload: async () => (await load()).serving }
}

function loadToken(
  { tokenFile }: ServeFlags,
  { directory }: ServerFiles,
): Pick<ServerIdentity, 'token' | 'tokenFile'> {
  return tokenFile === undefined
    ? { token: loadBearerToken(directory), tokenFile: join(directory, 'token') }
    : { token: readBearerToken(tokenFile), tokenFile: resolve(tokenFile) }
}
