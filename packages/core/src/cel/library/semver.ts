import { boolType, intType, opaqueType, stringType } from '../cel-type.ts'
import type { CelOpaque, CelValue } from '../cel-value.ts'
import type { CelFunction, CelLibrary } from '../environment.ts'
import { CelEvaluationError } from '../evaluation-error.ts'
import { traversal } from './call-cost.ts'
import { memberOverload, overload } from './overload.ts'
import { SemanticVersion, VersionSyntaxError } from './semantic-version.ts'

const semverType = opaqueType('kubernetes.Semver')

class SemverValue implements CelOpaque {
  readonly celKind = 'opaque'
  readonly type = semverType
  readonly version: SemanticVersion

  constructor(version: SemanticVersion) {
    this.version = version
  }

  equals(other: CelValue): boolean {
    return other instanceof SemverValue && compare(this, other) === 0
  }
}

const parse = (text: string, normalize: boolean) =>
  normalize ? SemanticVersion.parseTolerant(text) : SemanticVersion.parse(text)

function parseSemver(text: string, normalize = false): SemverValue {
  try {
    return new SemverValue(parse(text, normalize))
  } catch (error) {
    if (error instanceof VersionSyntaxError) throw new CelEvaluationError(error.message)
    throw error
  }
}

function isSemver(text: string, normalize = false): boolean {
  try {
    parse(text, normalize)
    return true
  } catch (error) {
    if (error instanceof VersionSyntaxError) return false
    throw error
  }
}

const compare = (left: SemverValue, right: SemverValue) => left.version.compare(right.version)

const number = (name: 'major' | 'minor' | 'patch'): CelFunction => ({
  name,
  overloads: [
    memberOverload(`semver_${name}`, [semverType], intType, ({ version }: SemverValue) =>
      BigInt.asIntN(64, version[name]),
    ),
  ],
})

/** Semantic versions: `k8s.io/apiserver/pkg/cel/library/semverlib.go`, version 1. */
export const semverLibrary: CelLibrary = {
  name: 'kubernetes.Semver',
  functions: [
    {
      name: 'semver',
      overloads: [
        overload(
          'string_to_semver',
          [stringType],
          semverType,
          (text: string) => parseSemver(text),
          traversal,
        ),
        overload('string_bool_to_semver', [stringType, boolType], semverType, parseSemver, traversal),
      ],
    },
    {
      name: 'isSemver',
      overloads: [
        overload('is_semver_string', [stringType], boolType, (text: string) => isSemver(text), traversal),
        overload('is_semver_string_bool', [stringType, boolType], boolType, isSemver, traversal),
      ],
    },
    {
      name: 'isGreaterThan',
      overloads: [
        memberOverload(
          'semver_is_greater_than',
          [semverType, semverType],
          boolType,
          (left: SemverValue, right: SemverValue) => compare(left, right) > 0,
        ),
      ],
    },
    {
      name: 'isLessThan',
      overloads: [
        memberOverload(
          'semver_is_less_than',
          [semverType, semverType],
          boolType,
          (left: SemverValue, right: SemverValue) => compare(left, right) < 0,
        ),
      ],
    },
    {
      name: 'compareTo',
      overloads: [
        memberOverload(
          'semver_compare_to',
          [semverType, semverType],
          intType,
          (left: SemverValue, right: SemverValue) => BigInt(compare(left, right)),
        ),
      ],
    },
    number('major'),
    number('minor'),
    number('patch'),
  ],
}
