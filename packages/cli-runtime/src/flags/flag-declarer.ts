/**
 * Where flag sets declare their flags: a `Command` of commander 11 or later is one, and so is k1s' own flag set. A
 * flag is written `-f, --filename <value>`, as commander writes them.
 */
export interface FlagDeclarer {
  option(flags: string, description: string): this
  /** `parse` gets each value with what was read before it. */
  option<T>(
    flags: string,
    description: string,
    parse: (value: string, previous: T) => T,
    defaultValue?: T,
  ): this
}
