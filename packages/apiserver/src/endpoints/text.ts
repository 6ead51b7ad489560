import type { Exchange } from '../exchange.ts'
import { writeBytes } from '../responses/write-bytes.ts'

/** Answers with plain text that no browser may take for anything else. */
export async function writeText(exchange: Exchange, code: number, text: string): Promise<void> {
  exchange.response.setHeader('X-Content-Type-Options', 'nosniff')
  await writeBytes(exchange, code, 'text/plain; charset=utf-8', text)
}
