import type { APIServer, CertifiedKey } from '@k1s/apiserver'

/** How often it is looked, in milliseconds. */
const interval = 60 * 60 * 1000

/**
 * Shows clients the certificate that `load` gives whenever that is another one: because it was renewed before its end, or
 * replaced by its owner. A failure is reported, and the last certificate goes on being shown. Ends with `signal`.
 */
export function keepCertificate(
  server: Pick<APIServer, 'setCertificate'>,
  shown: CertifiedKey,
  load: () => Promise<CertifiedKey>,
  { signal, onError }: { signal: AbortSignal; onError: (error: unknown) => void },
): void {
  let current = shown.cert
  const look = async () => {
    try {
      const found = await load()
      if (found.cert === current) return
      server.setCertificate(found)
      current = found.cert
    } catch (error) {
      onError(error)
    }
  }
  const timer = setInterval(look, interval).unref()
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}
