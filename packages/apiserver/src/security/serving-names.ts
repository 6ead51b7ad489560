import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { isUnspecifiedAddress } from './addresses.ts'

/** What an API server is called on its own machine, and inside of a cluster. */
const ownNames = [
  'localhost',
  '127.0.0.1',
  '::1',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
]

/**
 * DNS names and IP addresses that a server's certificate has to be for. A server that listens on all addresses of its
 * machine is known by each of them, and by the machine's name.
 *
 * @throws Error that names what is neither.
 */
export function servingNames(host: string, further: readonly string[] = []): string[] {
  const listenedOn = isUnspecifiedAddress(host) ? namesOfMachine() : [host]
  const names = [...ownNames, ...listenedOn, ...further].map((name) => name.toLowerCase())
  const wrong = names.find((name) => !isServingName(name))
  if (wrong !== undefined) {
    throw new Error(
      `${JSON.stringify(wrong)} cannot stand in a certificate: it is neither an IP address nor a DNS name`,
    )
  }
  return [...new Set(names)]
}

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
const dnsName = new RegExp(`^(\\*\\.)?${label}(\\.${label})*$`)

function isServingName(name: string): boolean {
  return isIP(name) !== 0 || (dnsName.test(name) && name.length <= 253)
}

function namesOfMachine(): string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    // An address that is valid on one link only is no use without naming the link, which a certificate cannot.
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address)
  return [hostname(), ...addresses].filter((name) => isServingName(name.toLowerCase()))
}
