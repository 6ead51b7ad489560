import {
  isQualifiedName,
  isValidLabelValue,
  nameIsDNS1035Label,
  nameIsDNSLabel,
  nameIsDNSSubdomain,
} from '@k1s/apimachinery'
import { matchesFormat } from '../../schema/formats.ts'
import { listType, opaqueType, optionalType, stringType } from '../cel-type.ts'
import { type CelOpaque, CelOptional, type CelValue } from '../cel-value.ts'
import { ArrayList } from '../collections.ts'
import type { CelLibrary } from '../environment.ts'
import { patternCost } from './call-cost.ts'
import { memberOverload, overload } from './overload.ts'
import { ParsedUrl } from './parsed-url.ts'
import { UrlSyntaxError } from './url-escaping.ts'

const formatType = opaqueType('kubernetes.NamedFormat')

class FormatValue implements CelOpaque {
  readonly celKind = 'opaque'
  readonly type = formatType
  readonly name: string
  /** What is wrong with a text; nothing if it has the format. */
  readonly validate: (text: string) => readonly string[]
  /** How long an expression for it would be, which its cost follows. */
  readonly patternLength: number

  constructor(name: string, patternLength: number, validate: (text: string) => readonly string[]) {
    this.name = name
    this.validate = validate
    this.patternLength = patternLength
  }

  equals(other: CelValue): boolean {
    return other instanceof FormatValue && this.name === other.name
  }
}

function uriProblems(text: string): string[] {
  try {
    ParsedUrl.validate(text)
    return []
  } catch (error) {
    if (error instanceof UrlSyntaxError) return [error.message]
    throw error
  }
}

const schemaFormat = (name: string, problem: string) => (text: string) =>
  matchesFormat(name, text) ? [] : [problem]

const formats: Readonly<Record<string, FormatValue>> = {
  dns1123Label: new FormatValue('DNS1123Label', 30, (text) => nameIsDNSLabel(text, false)),
  dns1123Subdomain: new FormatValue('DNS1123Subdomain', 60, (text) => nameIsDNSSubdomain(text, false)),
  dns1035Label: new FormatValue('DNS1035Label', 30, (text) => nameIsDNS1035Label(text, false)),
  qualifiedName: new FormatValue('QualifiedName', 60, isQualifiedName),
  dns1123LabelPrefix: new FormatValue('DNS1123LabelPrefix', 30, (text) => nameIsDNSLabel(text, true)),
  dns1123SubdomainPrefix: new FormatValue('DNS1123SubdomainPrefix', 60, (text) =>
    nameIsDNSSubdomain(text, true),
  ),
  dns1035LabelPrefix: new FormatValue('DNS1035LabelPrefix', 30, (text) => nameIsDNS1035Label(text, true)),
  labelValue: new FormatValue('LabelValue', 40, isValidLabelValue),
  uri: new FormatValue('URI', 1103, uriProblems),
  uuid: new FormatValue('uuid', 70, schemaFormat('uuid', 'does not match the UUID format')),
  byte: new FormatValue('byte', 84, schemaFormat('byte', 'invalid base64')),
  date: new FormatValue('date', 71, schemaFormat('date', 'invalid date')),
  datetime: new FormatValue('datetime', 71, schemaFormat('datetime', 'invalid datetime')),
}

function findFormat(name: string): CelOptional {
  return Object.hasOwn(formats, name) ? new CelOptional(formats[name]) : CelOptional.none
}

function validate(format: FormatValue, text: string): CelOptional {
  const problems = format.validate(text)
  return problems.length === 0 ? CelOptional.none : new CelOptional(new ArrayList(problems))
}

/** Formats of names and of schemas: `k8s.io/apiserver/pkg/cel/library/format.go`. */
export const formatLibrary: CelLibrary = {
  name: 'kubernetes.format',
  functions: [
    {
      name: 'format.named',
      overloads: [overload('format-named', [stringType], optionalType(formatType), findFormat)],
    },
    ...Object.entries(formats).map(([name, format]) => ({
      name: `format.${name}`,
      overloads: [overload(`format.${name}`, [], formatType, () => format)],
    })),
    {
      name: 'validate',
      overloads: [
        memberOverload(
          'format-validate',
          [formatType, stringType],
          optionalType(listType(stringType)),
          validate,
          ([format, text]) => patternCost(text, format.patternLength),
        ),
      ],
    },
  ],
}
