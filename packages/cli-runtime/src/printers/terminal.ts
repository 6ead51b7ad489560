/** Text that can do nothing to a terminal: escapes and carriage returns made visible, as `printers.EscapeTerminal`. */
export function escapeTerminal(text: string): string {
  return text.replaceAll('\u001b', '^[').replaceAll('\r', '\\r')
}

/** A cell of a table: cut at the first line break, with `...` in its place, and escaped. */
export function formatCell(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is looked for
  const special = text.search(/[\f\n\r\u001b]/)
  if (special < 0) return text
  const lineBreak = text.search(/[\f\n\r]/)
  return lineBreak < 0 ? escapeTerminal(text) : `${escapeTerminal(text.slice(0, lineBreak))}...`
}
