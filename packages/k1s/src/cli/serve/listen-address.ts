import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { isLoopbackAddress, isUnspecifiedAddress } from '@k1s/apiserver'

/** Where a server listens, and how clients on the same machine name that in a URL. */
export interface ListenAddress {
  /** An IP address. */
  readonly address: string
  /** What was asked for: a name or an address. */
  readonly host: string
  /** `127.0.0.1`, `[::1]`, `localhost`. */
  readonly urlHost: string
}

/** Throws an Error if there is no such host, or if others could reach a server that must not be reached. */
export async function resolveListenAddress(
  host: string,
  { loopbackOnly }: { loopbackOnly: boolean },
): Promise<ListenAddress> {
  const name = host.replace(/^\[(.*)\]$/, '$1')
  const address = isIP(name) === 0 ? await addressOf(name) : name
  if (loopbackOnly && !isLoopbackAddress(address)) {
    throw new Error(
      `--insecure-http serves on loopback addresses only, since the token would travel in the clear: ${JSON.stringify(host)} is none; leave out --host or --insecure-http`,
    )
  }
  return { address, host: name, urlHost: urlHostOf(name) }
}

async function addressOf(name: string): Promise<string> {
  if (name === '')
    throw new Error('--host must not be empty; 0.0.0.0 stands for all addresses of this machine')
  try {
    return (await lookup(name)).address
  } catch (error) {
    throw new Error(
      `there is no host ${JSON.stringify(name)} to listen on: ${(error as Error).message}; --host takes an address of this machine`,
      { cause: error },
    )
  }
}

/** One cannot connect to "all addresses", but to one of them. */
function urlHostOf(name: string): string {
  if (isUnspecifiedAddress(name)) return isIP(name) === 6 ? '[::1]' : '127.0.0.1'
  return isIP(name) === 6 ? `[${name}]` : name
}
