import { quote } from '@k1s/apimachinery'
import { boolType, intType, opaqueType, stringType, typeOf } from '../cel-type.ts'
import { type CelOpaque, CelTypeValue, type CelValue } from '../cel-value.ts'
import type { CelLibrary } from '../environment.ts'
import { CelEvaluationError, noSuchOverload } from '../evaluation-error.ts'
import { textCost } from '../value-size.ts'
import { traversal, traversalFactor } from './call-cost.ts'
import { IPValue, ipType, readIP } from './ip.ts'
import { AddressSyntaxError, IPPrefix } from './ip-address.ts'
import { memberOverload, overload } from './overload.ts'

const cidrType = opaqueType('net.CIDR')

class CIDRValue implements CelOpaque {
  readonly celKind = 'opaque'
  readonly type = cidrType
  readonly prefix: IPPrefix

  constructor(prefix: IPPrefix) {
    this.prefix = prefix
  }

  equals(other: CelValue): boolean {
    return other instanceof CIDRValue && this.prefix.equals(other.prefix)
  }

  toString(): string {
    return this.prefix.toString()
  }
}

const conversionFailed = 'network address parse error during conversion from string'

type ReadCIDR = { prefix: IPPrefix; error?: never } | { prefix?: never; error: string }

function readCIDR(text: string): ReadCIDR {
  let prefix: IPPrefix
  try {
    prefix = IPPrefix.parse(text)
  } catch (error) {
    if (!(error instanceof AddressSyntaxError)) throw error
    return { error: `${conversionFailed}: ${error.message}` }
  }
  if (prefix.address.is4In6) return { error: `IPv4-mapped IPv6 address ${quote(text)} is not allowed` }
  return { prefix }
}

function parseCIDR(text: string): CIDRValue {
  const { prefix, error } = readCIDR(text)
  if (prefix !== undefined) return new CIDRValue(prefix)
  // Kubernetes says it twice.
  throw new CelEvaluationError(`${conversionFailed}: ${error}`)
}

/** Kubernetes does not say what is wrong with the address. */
function containsIPText(cidr: CIDRValue, text: string): boolean {
  const { address } = readIP(text)
  if (address === undefined) throw noSuchOverload()
  return cidr.prefix.contains(address)
}

const containsIP = ({ prefix }: CIDRValue, { address }: IPValue) => prefix.contains(address)
const containsCIDR = ({ prefix }: CIDRValue, other: CIDRValue) => prefix.containsPrefix(other.prefix)

/** Comparison of the bytes that the prefix reaches into. */
const comparison = ({ prefix }: CIDRValue) => Math.ceil(2 * Math.ceil(prefix.bits / 8) * traversalFactor)
const maskedComparison = (cidr: CIDRValue) =>
  comparison(cidr) + Math.ceil(Math.ceil(cidr.prefix.bits / 8) * traversalFactor) + 1

/** Ranges of IP addresses: `k8s.io/apiserver/pkg/cel/library/cidr.go`. */
export const cidrLibrary: CelLibrary = {
  name: 'kubernetes.net.cidr',
  constants: { 'net.CIDR': { type: typeOf(cidrType), value: new CelTypeValue('net.CIDR') } },
  functions: [
    { name: 'cidr', overloads: [overload('string_to_cidr', [stringType], cidrType, parseCIDR, traversal)] },
    {
      name: 'isCIDR',
      overloads: [
        overload(
          'is_cidr',
          [stringType],
          boolType,
          (text: string) => readCIDR(text).prefix !== undefined,
          traversal,
        ),
      ],
    },
    {
      name: 'containsIP',
      overloads: [
        memberOverload(
          'cidr_contains_ip_string',
          [cidrType, stringType],
          boolType,
          containsIPText,
          ([cidr, text]) => comparison(cidr) + textCost(text),
        ),
        memberOverload('cidr_contains_ip_ip', [cidrType, ipType], boolType, containsIP, ([cidr]) =>
          comparison(cidr),
        ),
      ],
    },
    {
      name: 'containsCIDR',
      overloads: [
        memberOverload(
          'cidr_contains_cidr_string',
          [cidrType, stringType],
          boolType,
          (cidr: CIDRValue, text: string) => containsCIDR(cidr, parseCIDR(text)),
          ([cidr, text]) => maskedComparison(cidr) + textCost(text),
        ),
        memberOverload('cidr_contains_cidr', [cidrType, cidrType], boolType, containsCIDR, ([cidr]) =>
          maskedComparison(cidr),
        ),
      ],
    },
    {
      name: 'ip',
      overloads: [
        memberOverload('cidr_ip', [cidrType], ipType, ({ prefix }: CIDRValue) => new IPValue(prefix.address)),
      ],
    },
    {
      name: 'prefixLength',
      overloads: [
        memberOverload('cidr_prefix_length', [cidrType], intType, ({ prefix }: CIDRValue) =>
          BigInt(prefix.bits),
        ),
      ],
    },
    {
      name: 'masked',
      overloads: [
        memberOverload(
          'cidr_masked',
          [cidrType],
          cidrType,
          ({ prefix }: CIDRValue) => new CIDRValue(prefix.masked),
        ),
      ],
    },
    {
      name: 'string',
      overloads: [overload('cidr_to_string', [cidrType], stringType, (cidr: CIDRValue) => cidr.toString())],
    },
  ],
}
