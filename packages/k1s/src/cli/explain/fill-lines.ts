const bullet = /^(?:\d+\.?|-|\*)\s/

/**
 * Fills lines with the words of a text up to `width`: `formatter.go` of `k8s.io/kubectl/pkg/explain`. Code, which is
 * indented by four spaces, empty lines, lists, and what follows a colon keep their lines.
 */
export function fillLines(text: string, width: number): string[] {
  const filled: string[] = []
  let line = ''
  let lastWord = ''
  const flush = () => {
    if (line === '') return
    filled.push(line)
    line = ''
    lastWord = ''
  }
  for (const original of text.split('\n')) {
    const trimmed = original.trim()
    if (original.startsWith('    ')) {
      flush()
      filled.push(original)
      continue
    }
    if (trimmed === '' && filled.length > 0) {
      flush()
      filled.push('')
      continue
    }
    if (lastWord.endsWith(':') || trimmed === '' || bullet.test(trimmed)) flush()
    for (const word of trimmed.split(/\s+/).filter((part) => part !== '')) {
      lastWord = word
      // A word that begins a line this way is forgotten as the last one.
      if (line !== '' && Buffer.byteLength(line) + 1 + Buffer.byteLength(word) > width) flush()
      line = line === '' ? word : `${line} ${word}`
    }
  }
  flush()
  return filled
}
