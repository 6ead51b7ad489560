/** Breaks lines longer than `width` at spaces. Lines that start with a space, such as examples, stay whole. */
export function wrapText(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => (line.startsWith(' ') ? line : wrapLine(line, width)))
    .join('\n')
}

function wrapLine(line: string, width: number): string {
  let wrapped = ''
  let column = 0
  for (const word of line.split(' ')) {
    if (column > 0 && column + 1 + word.length > width) {
      wrapped += `\n${word}`
      column = word.length
    } else {
      wrapped += column === 0 ? word : ` ${word}`
      column += word.length + (column === 0 ? 0 : 1)
    }
  }
  return wrapped
}
