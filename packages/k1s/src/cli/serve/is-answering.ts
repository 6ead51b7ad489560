import { request } from 'node:https'
import type { KubeconfigEntries } from '@k1s/apiserver'

/** A server on the way to its end, or one that is stopped, is not waited for. In milliseconds. */
const patience = 1_000

/**
 * Whether clients with these entries of a kubeconfig reach a server that knows their token. Whoever else has come to
 * listen there shows another certificate, or answers with 401.
 */
export function isAnswering(entries: KubeconfigEntries): Promise<boolean> {
  const { server, certificateAuthority: ca, tlsServerName: servername, token } = entries
  if (!URL.canParse(server) || !server.startsWith('https:')) return Promise.resolve(false)
  return new Promise((resolve) => {
    const asking = request(`${server}/version`, {
      agent: false,
      signal: AbortSignal.timeout(patience),
      headers: { authorization: `Bearer ${token}` },
      ...(ca !== undefined && { ca }),
      ...(servername !== undefined && { servername }),
    })
    asking.once('response', (response) => {
      response.on('error', () => undefined).resume()
      resolve(response.statusCode !== 401)
    })
    asking.on('error', () => resolve(false)).end()
  })
}
