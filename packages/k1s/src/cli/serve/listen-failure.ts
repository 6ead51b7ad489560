import type { ListenAddress } from './listen-address.ts'

/** Why a server could not listen, and what to do about it. */
export function describeListenFailure(
  error: unknown,
  { host, urlHost }: ListenAddress,
  port: number,
): unknown {
  const where = `cannot listen on ${urlHost === host ? host : host.includes(':') ? `[${host}]` : host}:${port}`
  const reason = reasonOf((error as NodeJS.ErrnoException).code, port)
  return reason === undefined ? error : new Error(`${where}: ${reason}`, { cause: error })
}

function reasonOf(code: string | undefined, port: number): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return 'another process listens there; choose another port with --port, or any free one with --port=0'
    case 'EACCES':
      return port < 1024
        ? 'ports below 1024 are for privileged users; choose another one with --port'
        : 'the system does not permit it'
    case 'EADDRNOTAVAIL':
      return 'this machine does not have that address; choose another one with --host'
    case 'EAFNOSUPPORT':
      return 'this machine does not have addresses of that kind; choose another one with --host'
    default:
      return undefined
  }
}
