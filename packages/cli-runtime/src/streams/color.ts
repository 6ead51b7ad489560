import type { OutputStream } from './io-streams.ts'

const codes = { red: '31;1', yellow: '33;1', bold: '1' } as const

/** The text in colour if the stream welcomes it, else as it is. */
export function colorize(stream: OutputStream, color: keyof typeof codes, text: string): string {
  return stream.color ? `\u001b[${codes[color]}m${text}\u001b[0m` : text
}
