import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readDataSources } from './data-sources.ts'

const directory = mkdtempSync(join(tmpdir(), 'k1s-data-sources-'))

beforeAll(() => {
  writeFileSync(join(directory, 'a.txt'), 'one')
  writeFileSync(join(directory, 'b.txt'), 'two')
  writeFileSync(join(directory, 'vars.env'), '\ufeff# comment\n\n  A=1\nB=x=y\r\nPATH\n')
  mkdirSync(join(directory, 'below'))
})
afterAll(() => rmSync(directory, { recursive: true }))

const read = (flags: object) =>
  readDataSources(flags, 'configmap').map(({ key, value }) => [key, value.toString('utf8')])

describe('the data of config maps and secrets', () => {
  test('from literals: everything after the first = is the value', () => {
    expect(read({ fromLiteral: ['a=b', 'c=d=e', 'f='] })).toEqual([
      ['a', 'b'],
      ['c', 'd=e'],
      ['f', ''],
    ])
  })

  test('from files: under their name or another, and from the files of a directory', () => {
    expect(read({ fromFile: [join(directory, 'a.txt'), `key=${join(directory, 'b.txt')}`] })).toEqual([
      ['a.txt', 'one'],
      ['key', 'two'],
    ])
    expect(read({ fromFile: [directory] }).map(([key]) => key)).toEqual(['a.txt', 'b.txt', 'vars.env'])
  })

  test('from lines of an env file; a name alone takes its value from the environment', () => {
    expect(read({ fromEnvFile: [join(directory, 'vars.env')] })).toEqual([
      ['A', '1'],
      ['B', 'x=y'],
      ['PATH', process.env.PATH],
    ])
  })

  // Texts of k8s.io/kubectl/pkg/util and pkg/cmd/create.
  test.each([
    [{ fromLiteral: ['x'] }, 'invalid literal source x, expected key=value'],
    [{ fromLiteral: ['=x'] }, 'invalid literal source =x, expected key=value'],
    [{ fromFile: ['=x'] }, 'key name for file path x missing'],
    [{ fromFile: ['x='] }, 'file path for key name x missing'],
    [{ fromFile: ['a=b=c'] }, "key names or file paths cannot contain '='"],
    [{ fromFile: [`a=${directory}`] }, 'cannot give a key name for a directory path'],
    [{ fromFile: ['nowhere'] }, 'error reading nowhere: no such file or directory'],
    [{ fromEnvFile: [directory] }, 'env config file cannot be a directory'],
    [
      { fromEnvFile: ['x'], fromLiteral: ['a=b'] },
      'from-env-file cannot be combined with from-file or from-literal',
    ],
  ])('%j is refused', (flags, message) => {
    expect(() => read(flags)).toThrow(message)
  })
})
