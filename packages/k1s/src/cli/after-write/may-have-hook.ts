/** Options that are written down where they are passed. */
const ownOptions = /\bdefineConfig\s*\(\s*\{/
/** What may bring in options, or the whole configuration, from elsewhere. */
const fromElsewhere = /\.\.\.|\bexport\s*\{[^}]*\bdefault\b/

/**
 * Whether a `k1s.config.ts` with this text may have an after-write hook: the word is in it, or the options are not, or not all of them.
 * To load it in order to know would take longer than most commands.
 */
export function mayHaveHook(text: string): boolean {
  return text.includes('afterWrite') || !ownOptions.test(text) || fromElsewhere.test(text)
}
