import { quote } from '@k1s/apimachinery'

/** The message is that of `github.com/blang/semver`. */
export class VersionSyntaxError extends Error {}

/** A version of https://semver.org as `github.com/blang/semver/v4` reads it. */
export class SemanticVersion {
  readonly major: bigint
  readonly minor: bigint
  readonly patch: bigint
  /** Identifiers of the pre-release, numbers where they are numeric. What follows a `+` orders nothing. */
  readonly #prerelease: readonly (bigint | string)[]

  private constructor(numbers: readonly bigint[], prerelease: readonly (bigint | string)[]) {
    ;[this.major, this.minor, this.patch] = numbers as [bigint, bigint, bigint]
    this.#prerelease = prerelease
  }

  /** Throws a {@link VersionSyntaxError}. */
  static parse(text: string): SemanticVersion {
    if (text === '') throw new VersionSyntaxError('Version string empty')
    const [major, minor, tail] = splitElements(text)
    if (minor === undefined || tail === undefined) {
      throw new VersionSyntaxError('No Major.Minor.Patch elements found')
    }
    const [, patch, prerelease, build] = /^([^+-]*)(?:-([^+]*))?(?:\+(.*))?$/s.exec(tail)!
    const numbers = [parseNumber(major!, 'major'), parseNumber(minor, 'minor'), parseNumber(patch!, 'patch')]
    const identifiers = prerelease?.split('.').map(parseIdentifier) ?? []
    build?.split('.').forEach(validateBuild)
    return new SemanticVersion(numbers, identifiers)
  }

  /** {@link parse} without a leading `v`, leading zeros, and with zeros for a missing minor or patch version. */
  static parseTolerant(text: string): SemanticVersion {
    const elements = splitElements(text.replace(/^v/, '')).map((element) =>
      Buffer.byteLength(element) > 1 ? element.replace(/^0+/, '').replace(/^(?!\d)/, '0') : element,
    )
    if (elements.length < 3 && /[+-]/.test(elements.at(-1)!)) {
      throw new VersionSyntaxError('short version cannot contain PreRelease/Build meta data')
    }
    while (elements.length < 3) elements.push('0')
    return SemanticVersion.parse(elements.join('.'))
  }

  /** -1, 0 or 1 as this is lower than, equal to or higher than the other. */
  compare(other: SemanticVersion): number {
    return (
      order(this.major, other.major) ||
      order(this.minor, other.minor) ||
      order(this.patch, other.patch) ||
      comparePrereleases(this.#prerelease, other.#prerelease)
    )
  }
}

/** At most three, the last with all that follows. */
function splitElements(text: string): string[] {
  const [major, minor, ...rest] = text.split('.')
  return [major!, minor, rest.length === 0 ? undefined : rest.join('.')].filter(
    (element) => element !== undefined,
  )
}

function parseNumber(text: string, name: string): bigint {
  if (!/^\d*$/.test(text)) {
    throw new VersionSyntaxError(`Invalid character(s) found in ${name} number ${quote(text)}`)
  }
  if (/^0./.test(text)) {
    const title = name[0]!.toUpperCase() + name.slice(1)
    throw new VersionSyntaxError(`${title} number must not contain leading zeroes ${quote(text)}`)
  }
  return parseUint(text)
}

function parseUint(text: string): bigint {
  const isTooLarge = text.length > 20 || BigInt(text) >= 2n ** 64n
  const problem = text === '' ? 'invalid syntax' : isTooLarge ? 'value out of range' : undefined
  if (problem === undefined) return BigInt(text)
  throw new VersionSyntaxError(`strconv.ParseUint: parsing ${quote(text)}: ${problem}`)
}

function parseIdentifier(text: string): bigint | string {
  if (text === '') throw new VersionSyntaxError('Prerelease is empty')
  if (/^\d+$/.test(text)) {
    if (/^0./.test(text)) {
      const message = `Numeric PreRelease version must not contain leading zeroes ${quote(text)}`
      throw new VersionSyntaxError(message)
    }
    return parseUint(text)
  }
  if (/^[0-9A-Za-z-]+$/.test(text)) return text
  throw new VersionSyntaxError(`Invalid character(s) found in prerelease ${quote(text)}`)
}

function validateBuild(text: string): void {
  if (text === '') throw new VersionSyntaxError('Build meta data is empty')
  if (!/^[0-9A-Za-z-]+$/.test(text)) {
    throw new VersionSyntaxError(`Invalid character(s) found in build meta data ${quote(text)}`)
  }
}

function order<T extends bigint | string | number>(a: T, b: T): number {
  return a === b ? 0 : a < b ? -1 : 1
}

/** Numbers come before words, and any pre-release before the release. */
function comparePrereleases(a: readonly (bigint | string)[], b: readonly (bigint | string)[]): number {
  if (a.length === 0 || b.length === 0) return order(Math.min(b.length, 1), Math.min(a.length, 1))
  for (const [index, one] of a.entries()) {
    const other = b[index]
    if (other === undefined) return 1
    if (typeof one !== typeof other) return typeof one === 'bigint' ? -1 : 1
    const result = order(one, other)
    if (result !== 0) return result
  }
  return a.length === b.length ? 0 : -1
}
