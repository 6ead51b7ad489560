import { lookup } from 'node:dns/promises'
import { join, resolve } from 'node:path'
import { isUnspecifiedAddress, type WrittenKubeconfig, writeKubeconfig } from '@k1s/apiserver'
import { isAnswering } from './is-answering.ts'
import type { ListenAddress } from './listen-address.ts'
import type { ServeFlags } from './serve-flags.ts'
import type { ServerFiles } from './server-files.ts'
import type { ServerIdentity } from './server-identity.ts'

/** The kubeconfig of a server. */
export interface ServerKubeconfig extends WrittenKubeconfig {
  readonly file: string
  /** The file that it would be in, if another server did not need that one. */
  readonly takenFile?: string
}

interface RunningServer {
  readonly url: string
  readonly port: number
  readonly flags: ServeFlags
  readonly address: ListenAddress
  readonly identity: ServerIdentity
  readonly files: ServerFiles
}

/**
 * Writes the kubeconfig that a flag names, or the one beside the store. That stays as it is while it leads to another
 * server that runs: this one then has a file of its own, for as long as it runs too. Undefined for a server over plain
 * HTTP for which no flag names a file, since most clients cannot use it.
 */
export async function writeServerKubeconfig(server: RunningServer): Promise<ServerKubeconfig | undefined> {
  const { url, port, flags, address, identity, files } = server
  const { certificate, token } = identity
  const entries = {
    server: url,
    certificateAuthority: certificate?.authority,
    tlsServerName: certificate?.tlsServerName,
    token,
    ...(flags.contextName !== undefined && { name: flags.contextName }),
    ...(flags.tenants !== undefined && { tenants: flags.tenants }),
  }
  if (flags.writeKubeconfig !== undefined) {
    const file = resolve(flags.writeKubeconfig)
    return { file, ...(await writeKubeconfig(file, entries))! }
  }
  if (certificate === undefined) return undefined
  const file = join(files.directory, 'kubeconfig')
  const written = await writeKubeconfig(file, entries, {
    mayReplace: async (existing) =>
      (await isAddressOf(existing.server, address, port)) || !(await isAnswering(existing)),
  })
  if (written !== undefined) return { file, ...written }
  const ownFile = `${file}-${port}`
  files.removeAtEnd(ownFile)
  return { file: ownFile, ...(await writeKubeconfig(ownFile, entries))!, takenFile: file }
}

/** Whether a URL that was written before leads to this server, since it has the port by now. */
async function isAddressOf(url: string, { address }: ListenAddress, port: number): Promise<boolean> {
  if (!URL.canParse(url)) return false
  const { hostname, port: urlPort } = new URL(url)
  if (Number(urlPort) !== port) return false
  if (isUnspecifiedAddress(address)) return true
  const host = hostname.replace(/^\[|\]$/g, '')
  return lookup(host).then(
    (found) => found.address === address,
    () => false,
  )
}
