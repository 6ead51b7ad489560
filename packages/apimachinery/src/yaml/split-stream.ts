/** A part of a stream between two `---` lines. */
export interface StreamChunk {
  readonly text: string
  /** The line of the stream, from 1, at which the text starts. */
  readonly line: number
}

/** A `---` line that carries content, which the decoders of Kubernetes refuse. */
export interface BadSeparator {
  readonly content: string
  readonly line: number
}

/**
 * Splits a stream at the lines that start with `---`, as `k8s.io/apimachinery/pkg/util/yaml` does: only a
 * comment may follow the separator.
 */
export function splitStream(stream: string): { chunks: StreamChunk[]; badSeparator?: BadSeparator } {
  const chunks: StreamChunk[] = []
  let line = 1
  let start = 0
  let counted = 0
  const separator = /^---(.*)$/gm
  for (let match = separator.exec(stream); match !== null; match = separator.exec(stream)) {
    chunks.push({ text: stream.slice(start, match.index), line })
    line += countLines(stream, counted, separator.lastIndex)
    counted = separator.lastIndex
    start = separator.lastIndex
    const content = match[1]!.trim()
    if (content !== '' && !content.startsWith('#')) return { chunks, badSeparator: { content, line } }
  }
  chunks.push({ text: stream.slice(start), line })
  return { chunks }
}

function countLines(text: string, start: number, end: number): number {
  let lines = 0
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines++
  return lines
}
