import fc from 'fast-check'

type Framing =
  | 'none'
  | 'length'
  | 'chunked'
  | 'short'
  | 'long'
  | 'negative'
  | 'noLength'
  | 'twoLengths'
  | 'both'
  | 'badChunk'
  | 'noEnd'
  | 'hugeChunk'
  | 'otherEncoding'

export const framing = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Framing>('length', 'length', 'chunked', 'none') },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Framing>(
      'short',
      'long',
      'negative',
      'noLength',
      'twoLengths',
      'both',
      'badChunk',
      'noEnd',
      'hugeChunk',
      'otherEncoding',
    ),
  },
)

export const complete: ReadonlySet<Framing> = new Set<Framing>(['none', 'length', 'chunked'])

export function framed(framing: Framing, content: Buffer): { lines: readonly string[]; body: Buffer } {
  const length = `Content-Length: ${content.length}`
  const chunk = Buffer.concat([
    Buffer.from(`${content.length.toString(16)}\r\n`),
    content,
    Buffer.from('\r\n'),
  ])
  const chunked = 'Transfer-Encoding: chunked'
  const lastChunk = Buffer.from('0\r\n\r\n')
  switch (framing) {
    case 'none':
      return { lines: [], body: Buffer.alloc(0) }
    case 'length':
      return { lines: [length], body: content }
    case 'chunked':
      return { lines: [chunked], body: content.length === 0 ? lastChunk : Buffer.concat([chunk, lastChunk]) }
    case 'short':
      return { lines: [`Content-Length: ${Math.floor(content.length / 2)}`], body: content }
    case 'long':
      return { lines: [`Content-Length: ${content.length + 10}`], body: content }
    case 'negative':
      return { lines: ['Content-Length: -1'], body: content }
    case 'noLength':
      return { lines: ['Content-Length: abc'], body: content }
    case 'twoLengths':
      return { lines: [length, 'Content-Length: 1'], body: content }
    case 'both':
      return { lines: [length, chunked], body: content }
    case 'badChunk':
      return { lines: [chunked], body: Buffer.concat([Buffer.from('zz\r\n'), content]) }
    case 'noEnd':
      return { lines: [chunked], body: chunk }
    case 'hugeChunk':
      return { lines: [chunked], body: Buffer.concat([Buffer.from('ffffffffffffffffff\r\n'), content]) }
    case 'otherEncoding':
      return { lines: ['Transfer-Encoding: gzip, identity'], body: content }
  }
}
