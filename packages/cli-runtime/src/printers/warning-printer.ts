import { colorize } from '../streams/color.ts'
import type { OutputStream } from '../streams/io-streams.ts'

/**
 * Returns a function that prints `Warning: text`, each text once, as the warning handler of kubectl does
 * (`printers.WarningPrinter` behind `rest.NewWarningWriter` with deduplication).
 */
export function createWarningPrinter(stream: OutputStream): (text: string) => void {
  const printed = new Set<string>()
  return (text) => {
    if (printed.has(text)) return
    printed.add(text)
    stream.write(`${colorize(stream, 'yellow', 'Warning:')} ${text}\n`)
  }
}
