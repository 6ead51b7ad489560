/**
 * A regular expression with classes of Unicode (`\p{L}`) that is compiled when it is first needed. V8 takes up to a millisecond
 * for such classes, and does so while it reads a file, also for a literal in a function that never runs.
 */
export class UnicodePattern {
  readonly #source: string
  #compiled: RegExp | undefined

  constructor(source: string) {
    this.#source = source
  }

  test(text: string): boolean {
    this.#compiled ??= new RegExp(this.#source, 'u')
    return this.#compiled.test(text)
  }
}
