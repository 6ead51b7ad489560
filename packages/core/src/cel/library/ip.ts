import { quote } from '@k1s/apimachinery'
import { boolType, intType, opaqueType, stringType, typeOf } from '../cel-type.ts'
import { type CelOpaque, CelTypeValue, type CelValue } from '../cel-value.ts'
import type { CelFunction, CelLibrary } from '../environment.ts'
import { CelEvaluationError } from '../evaluation-error.ts'
import { doubleTraversal, traversal } from './call-cost.ts'
import { AddressSyntaxError, IPAddress } from './ip-address.ts'
import { memberOverload, overload } from './overload.ts'

export const ipType = opaqueType('net.IP')

export class IPValue implements CelOpaque {
  readonly celKind = 'opaque'
  readonly type = ipType
  readonly address: IPAddress

  constructor(address: IPAddress) {
    this.address = address
  }

  equals(other: CelValue): boolean {
    return other instanceof IPValue && this.address.equals(other.address)
  }

  toString(): string {
    return this.address.toString()
  }
}

function parseIP(text: string): IPValue {
  const { address, error } = readIP(text)
  if (address !== undefined) return new IPValue(address)
  throw new CelEvaluationError(error)
}

/** An address without zone that is not of IPv4 in IPv6, or why a text is none. */
type ReadIP = { address: IPAddress; error?: never } | { address?: never; error: string }

export function readIP(text: string): ReadIP {
  let address: IPAddress
  try {
    address = IPAddress.parse(text)
  } catch (error) {
    if (!(error instanceof AddressSyntaxError)) throw error
    return {
      error: `IP Address ${quote(text)} parse error during conversion from string: ${error.message}`,
    }
  }
  if (address.zone !== '') return { error: `IP address ${quote(text)} with zone value is not allowed` }
  if (address.is4In6) return { error: `IPv4-mapped IPv6 address ${quote(text)} is not allowed` }
  return { address }
}

const property = (name: string, id: string, holds: (address: IPAddress) => boolean): CelFunction => ({
  name,
  overloads: [memberOverload(id, [ipType], boolType, (ip: IPValue) => holds(ip.address))],
})

/** IP addresses: `k8s.io/apiserver/pkg/cel/library/ip.go`. */
export const ipLibrary: CelLibrary = {
  name: 'kubernetes.net.ip',
  constants: { 'net.IP': { type: typeOf(ipType), value: new CelTypeValue('net.IP') } },
  functions: [
    { name: 'ip', overloads: [overload('string_to_ip', [stringType], ipType, parseIP, traversal)] },
    {
      name: 'isIP',
      overloads: [
        overload(
          'is_ip',
          [stringType],
          boolType,
          (text: string) => readIP(text).address !== undefined,
          traversal,
        ),
      ],
    },
    {
      name: 'ip.isCanonical',
      overloads: [
        overload(
          'ip_is_canonical',
          [stringType],
          boolType,
          (text: string) => parseIP(text).toString() === text,
          doubleTraversal,
        ),
      ],
    },
    {
      name: 'family',
      overloads: [
        memberOverload('ip_family', [ipType], intType, (ip: IPValue) => (ip.address.is4 ? 4n : 6n)),
      ],
    },
    property('isUnspecified', 'ip_is_unspecified', (address) => address.isUnspecified),
    property('isLoopback', 'ip_is_loopback', (address) => address.isLoopback),
    property('isLinkLocalMulticast', 'ip_is_link_local_multicast', (address) => address.isLinkLocalMulticast),
    property('isLinkLocalUnicast', 'ip_is_link_local_unicast', (address) => address.isLinkLocalUnicast),
    property('isGlobalUnicast', 'ip_is_global_unicast', (address) => address.isGlobalUnicast),
    {
      name: 'string',
      overloads: [overload('ip_to_string', [ipType], stringType, (ip: IPValue) => ip.toString())],
    },
  ],
}
