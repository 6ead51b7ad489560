/**
 * Breaks lines at white space before they become longer than `limit`, words longer than that staying whole: Go's
 * `mitchellh/go-wordwrap`, of which kubectl's output has every detail.
 */
export function wordWrap(text: string, limit: number): string {
  let wrapped = ''
  let column = 0
  let word = ''
  let space = ''
  let wordLength = 0
  let spaceLength = 0
  const flushSpace = () => {
    wrapped += space
    column += spaceLength
    dropSpace()
  }
  const dropSpace = () => {
    space = ''
    spaceLength = 0
  }
  const flushWord = () => {
    wrapped += word
    column += wordLength
    word = ''
    wordLength = 0
  }
  for (const character of text) {
    if (character === '\n') {
      if (word !== '' || column + spaceLength <= limit) flushSpace()
      else dropSpace()
      flushWord()
      wrapped += character
      column = 0
    } else if (/[\t\v\f\r \u0085\p{Z}]/u.test(character) && character !== '\u00a0') {
      if (space === '' || word !== '') {
        flushSpace()
        flushWord()
      }
      space += character
      spaceLength++
    } else {
      word += character
      wordLength++
      if (column + wordLength + spaceLength > limit && wordLength < limit) {
        wrapped += '\n'
        column = 0
        dropSpace()
      }
    }
  }
  if (word !== '' || column + spaceLength <= limit) flushSpace()
  return wrapped + word
}

/** Every line of the text behind as many spaces, empty ones included. */
export function indent(spaces: number, text: string): string {
  const padding = ' '.repeat(spaces)
  return padding + text.replaceAll('\n', `\n${padding}`)
}
