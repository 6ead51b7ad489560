import { newLogger, TerminalError } from '@k1s/controller-runtime'
import { expect, it } from 'vitest'
import { messageOf } from './printable-error.ts'

const withoutText = Object.create(null)
const secretive = Object.defineProperty(new Error(), 'message', {
  get() {
    throw new Error('not telling')
  },
})

it.each([
  [new Error('no disk'), 'no disk'],
  ['no disk', 'no disk'],
  [undefined, 'undefined'],
  [Symbol('no disk'), 'Symbol(no disk)'],
  [withoutText, 'what was thrown has no text'],
  [secretive, 'what was thrown has no text'],
])('has a text for whatever was thrown: %#', (thrown, text) => {
  expect(messageOf(thrown)).toBe(text)
})

it('a terminal error of what has no text is one', () => {
  expect(new TerminalError(withoutText).message).toBe('terminal error: what was thrown has no text')
})

it('a logger writes the line of an error without text', () => {
  const lines: string[] = []
  newLogger({ write: (line) => lines.push(line) }).error(withoutText, 'It failed')
  expect(JSON.parse(lines.join(''))).toMatchObject({
    msg: 'It failed',
    error: 'what was thrown has no text',
  })
})
