/** A text with `%s`, `%d`, `%j` and so on, as `util.format` of Node fills them in. */
export function formatMessage(text: string, ...values: unknown[]): string {
  // Not imported: those who record no event do without it.
  return process.getBuiltinModule('node:util').format(text, ...values)
}
