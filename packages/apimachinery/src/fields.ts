/** Field selectors, as in `k8s.io/apimachinery/pkg/fields`. */

/** The selectable fields of an object with their values, such as `metadata.name`. */
export interface Fields {
  readonly [field: string]: string
}

/** `==` is read as `=`. */
export interface FieldRequirement {
  readonly field: string
  readonly operator: '=' | '!='
  readonly value: string
}

/** A field selector that is ready to match. All requirements must hold. */
export class FieldSelectorMatcher {
  readonly requirements: readonly FieldRequirement[]

  constructor(requirements: readonly FieldRequirement[]) {
    this.requirements = requirements
  }

  /** True if the selector does not restrict anything. */
  get empty(): boolean {
    return this.requirements.length === 0
  }

  /** A field that is missing counts as the empty text. */
  matches(fields: Fields): boolean {
    for (const { field, operator, value } of this.requirements) {
      const actual = Object.hasOwn(fields, field) ? fields[field] : ''
      if ((actual === value) !== (operator === '=')) return false
    }
    return true
  }

  /** The only value that the selector admits for a field, if there is one. */
  requiresExactMatch(field: string): string | undefined {
    return this.requirements.find(
      (requirement) => requirement.field === field && requirement.operator === '=',
    )?.value
  }

  /**
   * The selector with every requirement's field and value replaced, or dropped where `transform` returns undefined.
   * This is where a resource refuses fields that it does not know: what `transform` throws is thrown.
   */
  transform(
    transform: (field: string, value: string) => { field: string; value: string } | undefined,
  ): FieldSelectorMatcher {
    return new FieldSelectorMatcher(
      this.requirements.flatMap(({ field, operator, value }) => {
        const transformed = transform(field, value)
        return transformed === undefined ? [] : [{ operator, ...transformed }]
      }),
    )
  }

  /** The canonical text, which parses to an equal selector: `metadata.name=a,spec.color!=red`. */
  toString(): string {
    return this.requirements
      .map(({ field, operator, value }) => `${field}${operator}${escapeFieldValue(value)}`)
      .join(',')
  }
}

/**
 * Parses terms with commas between, each `field=value`, `field==value` or `field!=value`; in a value `\`, `,` and `=`
 * are written with a backslash before them. Empty terms are skipped. Throws an Error with Kubernetes' message:
 * `invalid selector: 'a'; can't understand 'a'`.
 */
export function parseFieldSelector(text: string): FieldSelectorMatcher {
  const requirements: FieldRequirement[] = []
  for (const term of splitTerms(text).sort()) {
    if (term === '') continue
    const match = /(!=|==|=)/.exec(term)
    if (match === null) throw new Error(`invalid selector: '${text}'; can't understand '${term}'`)
    const field = term.slice(0, match.index)
    const value = unescapeFieldValue(term.slice(match.index + match[0].length))
    if (field === '' && value === '') continue
    requirements.push({ field, operator: match[0] === '!=' ? '!=' : '=', value })
  }
  return new FieldSelectorMatcher(requirements)
}

/** At commas that no backslash escapes. */
function splitTerms(text: string): string[] {
  const terms: string[] = []
  let start = 0
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '\\') index++
    else if (text[index] === ',') {
      terms.push(text.slice(start, index))
      start = index + 1
    }
  }
  terms.push(text.slice(start))
  return terms
}

/** Writes a text as the value of a term. */
export function escapeFieldValue(text: string): string {
  return text.replace(/[\\,=]/g, '\\$&')
}

function unescapeFieldValue(text: string): string {
  return text.replace(/\\(.?)|[,=]/gsu, (sequence, escaped: string | undefined) => {
    if (escaped === undefined) {
      // Go prints the rune as a number here.
      throw new Error(`invalid field selector: unescaped character in value: ${sequence.codePointAt(0)}`)
    }
    if (escaped === '' || !'\\,='.includes(escaped)) {
      throw new Error(`invalid field selector: invalid escape sequence: ${sequence}`)
    }
    return escaped
  })
}
