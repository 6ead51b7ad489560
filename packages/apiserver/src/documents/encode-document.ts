import { createHash } from 'node:crypto'
import { Document, etagOf } from './document.ts'

/** Characters that are encoded before others have their turn: well below a millisecond. */
const turn = 64 * 1024

/** Below that many levels of names nothing of a document is long. */
const levels = 3

/**
 * A document with the JSON of what is described, as `JSON.stringify` writes it. It is encoded in turns with what else
 * the process has to do: with hundreds of definitions there are tens of megabytes.
 */
export async function encodeDocument(description: object): Promise<Document> {
  const hash = createHash('sha512')
  const chunks: Buffer[] = []
  let pending = ''
  const flush = () => {
    const chunk = Buffer.from(pending)
    hash.update(chunk)
    chunks.push(chunk)
    pending = ''
  }
  for (const text of textsOf(description, levels)) {
    pending += text
    if (pending.length < turn) continue
    flush()
    await new Promise((resolve) => setImmediate(resolve))
  }
  flush()
  return new Document(Buffer.concat(chunks), etagOf(hash))
}

function* textsOf(value: object, depth: number): Generator<string> {
  yield '{'
  let separator = ''
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue
    yield `${separator}${JSON.stringify(name)}:`
    separator = ','
    if (depth > 1 && isObject(member)) yield* textsOf(member, depth - 1)
    else yield JSON.stringify(member)
  }
  yield '}'
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
