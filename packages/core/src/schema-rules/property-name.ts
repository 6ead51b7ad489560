// Names of properties as CEL identifiers, after `k8s.io/apiserver/pkg/cel/escaping.go`.

const reservedWords: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)

const escapes: { readonly [text: string]: string } = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
}

const unescapes: { readonly [word: string]: string } = {
  underscores: '__',
  dot: '.',
  dash: '-',
  slash: '/',
}

export function isReservedWord(identifier: string): boolean {
  return reservedWords.has(identifier)
}

/** `a-b` as `a__dash__b`, `namespace` as `__namespace__`; undefined for a name that no rule can say. */
export function escapePropertyName(name: string): string | undefined {
  if (reservedWords.has(name)) return `__${name}__`
  if (!/^[A-Za-z_./-][\w./-]*$/.test(name)) return undefined
  return name.replace(/__|[./-]/g, (text) => escapes[text]!)
}

/** The property that an identifier means; undefined if it is no escaped name. */
export function unescapePropertyName(identifier: string): string | undefined {
  if (!identifier.includes('__')) return identifier
  let isValid = true
  const name = identifier.replace(/__([^_]+)__/g, (text, word: string) => {
    const unescaped = Object.hasOwn(unescapes, word) ? unescapes[word]! : undefined
    if (unescaped !== undefined) return unescaped
    if (!reservedWords.has(word) || text.length !== identifier.length) isValid = false
    return word
  })
  return isValid ? name : undefined
}
