import type { CelType } from '../../cel/cel-type.ts'
import {
  type CallCost,
  listCost,
  type Operand,
  type OperandSizes,
  regexFactor,
  structCost,
  traversalFactor,
} from './call-cost.ts'
import { add, exactly, multiply, nothing, once, type Range, scale, unlimited } from './range.ts'

/**
 * What a call of Kubernetes' libraries costs at most; undefined for functions of the language.
 *
 * Follows `EstimateCallCost` of `k8s.io/apiserver/pkg/cel/library/cost.go`. Numbers decide which rules a
 * CustomResourceDefinition may have, and must be those of Kubernetes.
 */
export function libraryCost(
  name: string,
  overloadId: string,
  target: Operand | undefined,
  args: readonly Operand[],
  sizes: OperandSizes,
): CallCost | undefined {
  const [first, second] = args
  switch (name) {
    case 'check':
      return { cost: exactly(350_000) }
    case 'serviceAccount':
    case 'path':
    case 'group':
    case 'resource':
    case 'subresource':
    case 'namespace':
    case 'name':
    case 'allowed':
    case 'reason':
    case 'error':
    case 'errored':
    case 'masked':
    case 'prefixLength':
    case 'family':
    case 'isUnspecified':
    case 'isLoopback':
    case 'isLinkLocalMulticast':
    case 'isLinkLocalUnicast':
    case 'isGlobalUnicast':
    case 'format.named':
    case 'sign':
    case 'asInteger':
    case 'isInteger':
    case 'asApproximateFloat':
    case 'isGreaterThan':
    case 'isLessThan':
    case 'compareTo':
    case 'add':
    case 'sub':
    case 'major':
    case 'minor':
    case 'patch':
    case 'getScheme':
    case 'getHostname':
    case 'getHost':
    case 'getPort':
    case 'getEscapedPath':
    case 'getQuery':
      return { cost: once }
    case 'fieldSelector':
    case 'labelSelector':
      return args.length === 1 ? { cost: selectorCost(sizes.of(first!)) } : undefined
    case 'isSorted':
    case 'sum':
    case 'max':
    case 'min':
    case 'indexOf':
    case 'lastIndexOf':
    case 'includes':
      return target && { cost: searchCost(name, target, sizes) }
    case 'url':
    case 'jsonpatch.escapeKey':
      return args.length === 1 ? transformCost(sizes.of(first!)) : undefined
    case 'lowerAscii':
    case 'upperAscii':
    case 'substring':
    case 'trim':
      return target && transformCost(sizes.of(target))
    case 'replace':
      return target && second && replaceCost(sizes.of(target), sizes.of(first!), sizes.of(second))
    case 'split':
      return target && splitCost(sizes.of(target), second)
    case 'join':
      return target && joinCost(target, first, sizes)
    case 'find':
    case 'findAll':
      return target && first && findCost(sizes.of(target), sizes.of(first))
    case 'ip':
      if (overloadId === 'cidr_ip') return { cost: once }
      return first && { cost: scale(sizes.of(first), traversalFactor) }
    case 'cidr':
    case 'isIP':
    case 'isCIDR':
    case 'quantity':
    case 'isQuantity':
    case 'semver':
    case 'isSemver':
      return first && { cost: scale(sizes.of(first), traversalFactor) }
    case 'ip.isCanonical':
      return first && { cost: scale(sizes.of(first), 2 * traversalFactor) }
    case 'containsIP':
      return first && { cost: containsCost(overloadId === 'cidr_contains_ip_string', first, nothing, sizes) }
    case 'containsCIDR': {
      // The network is masked as well.
      const mask = add(scale(addressBytes, traversalFactor), once)
      return first && { cost: containsCost(overloadId === 'cidr_contains_cidr_string', first, mask, sizes) }
    }
    case 'validate':
      return first && { cost: scale(scale(sizes.of(first), traversalFactor), maxFormatPattern * regexFactor) }
    case '_==_':
      return args.length === 2 ? equalityCost(first!, second!) : undefined
    default:
      return undefined
  }
}

/** Lengths of the longest name and pattern of a format. */
const maxFormatName = 64
const maxFormatPattern = 128

/** Of IPv4 and IPv6. */
const addressBytes: Range = { min: 4, max: 16 }

/** The shortest requirement has two characters. */
function selectorCost(length: Range): Range {
  const requirements = scale(scale(length, 0.5), listCost + structCost)
  return add(exactly(listCost), scale(length, traversalFactor), requirements)
}

function searchCost(name: string, target: Operand, sizes: OperandSizes): Range {
  const size = sizes.of(target)
  const items = sizes.itemsOf(target)
  if (items === undefined) return name === 'includes' ? size : scale(size, traversalFactor)
  const isText = items.type.kind === 'string' || items.type.kind === 'bytes'
  return multiply(size, isText ? add(once, scale(sizes.of(items), traversalFactor)) : once)
}

function transformCost(size: Range): CallCost {
  return { cost: scale(size, traversalFactor), resultSize: size }
}

function replaceCost(size: Range, replaced: Range, replacement: Range): CallCost {
  let maxCount = 0
  let maxRetained = 0
  if (replaced.min === 0) {
    // The replacement may go around each character.
    maxCount = Math.min(size.max + 1, unlimited)
    maxRetained = size.max
  } else if (replacement.max <= replaced.min) maxRetained = size.max
  else maxCount = Math.ceil(size.max / replaced.min)
  let minCount = 0
  let minRetained = 0
  if (replaced.max === 0) {
    minCount = Math.min(size.min + 1, unlimited)
    minRetained = size.min
  } else if (replaced.max <= replacement.min) minRetained = size.min
  else minCount = Math.ceil(size.min / replaced.max)
  const resultSize = add(multiply({ min: minCount, max: maxCount }, replacement), {
    min: minRetained,
    max: maxRetained,
  })
  return { cost: scale(size, 2 * traversalFactor), resultSize }
}

function splitCost(size: Range, limit: Operand | undefined): CallCost {
  const literal = limit?.expression?.kind === 'literal' ? limit.expression.value : undefined
  // Without a limit, an empty separator gives each character.
  const max = typeof literal === 'bigint' ? Number(BigInt.asUintN(64, literal)) : size.max
  return { cost: scale(size, 2 * traversalFactor), resultSize: { min: 0, max } }
}

function joinCost(list: Operand, separator: Operand | undefined, sizes: OperandSizes): CallCost {
  const count = sizes.of(list)
  const items = sizes.itemsOf(list)
  let size = items === undefined ? nothing : multiply(count, sizes.of(items))
  if (separator !== undefined) {
    const gaps = { min: Math.max(0, count.min - 1), max: Math.max(0, count.max - 1) }
    size = add(size, multiply(sizes.of(separator), gaps))
  }
  return { cost: scale(size, traversalFactor), resultSize: size }
}

function findCost(size: Range, pattern: Range): CallCost {
  const text = scale(add(size, once), traversalFactor)
  return { cost: multiply(text, scale(pattern, regexFactor)), resultSize: { min: 0, max: size.max } }
}

function containsCost(isParsed: boolean, argument: Operand, extra: Range, sizes: OperandSizes): Range {
  const comparison = scale(add(addressBytes, addressBytes), traversalFactor)
  return add(comparison, extra, isParsed ? scale(sizes.of(argument), traversalFactor) : nothing)
}

const cheaplyCompared: ReadonlySet<string> = new Set([
  'net.IP',
  'net.CIDR',
  'kubernetes.Quantity',
  'kubernetes.Semver',
  'kubernetes.authorization.Authorizer',
  'kubernetes.authorization.PathCheck',
  'kubernetes.authorization.GroupCheck',
  'kubernetes.authorization.ResourceCheck',
  'kubernetes.authorization.Decision',
])

function equalityCost(left: Operand, right: Operand): CallCost | undefined {
  const name = libraryTypeName(left.type)
  if (name === undefined || name !== libraryTypeName(right.type)) return undefined
  if (cheaplyCompared.has(name)) return { cost: once }
  if (name === 'kubernetes.NamedFormat')
    return { cost: scale({ min: 1, max: maxFormatName }, traversalFactor) }
  // Kubernetes looks at the right side alone.
  if (name === 'kubernetes.URL') {
    return { cost: scale({ min: 1, max: (right.size ?? once).max }, traversalFactor) }
  }
  return undefined
}

function libraryTypeName(type: CelType): string | undefined {
  return type.kind === 'opaque' || type.kind === 'object' ? type.name : undefined
}
