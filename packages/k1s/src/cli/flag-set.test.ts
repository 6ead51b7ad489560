import { describe, expect, test } from 'vitest'
import { FlagSet, parseBoolean, parseInteger } from './flag-set.ts'

const flags = new FlagSet()
  .option('-o, --output <format>', 'Output format.')
  .option('-w, --watch', 'Watch.')
  .option('-A, --all-namespaces', 'All namespaces.')
  .option('--no-headers', 'No headers.')
  .option('--chunk-size <n>', 'Chunks.', parseInteger, 500)
  .option('--dry-run [unchanged]', 'Dry run.', undefined, 'none')
  .option('--merge [bool]', 'Merge.', parseBoolean, true)
  .option('-f, --filename <path>', 'Files.', (text, previous: string[] = []) => [...previous, text])

const valuesOf = (...argv: string[]) => flags.parse(argv).values

describe('FlagSet', () => {
  test.each([[['-o', 'json']], [['-ojson']], [['-o=json']], [['--output', 'json']], [['--output=json']]])(
    'reads a value from %j',
    (argv) => {
      expect(valuesOf(...argv)).toMatchObject({ output: 'json' })
    },
  )

  test('reads bundled short flags, the last with a value', () => {
    expect(valuesOf('-wAo', 'yaml')).toMatchObject({ watch: true, allNamespaces: true, output: 'yaml' })
    expect(valuesOf('-wAo=yaml')).toMatchObject({ watch: true, allNamespaces: true, output: 'yaml' })
  })

  test('a boolean flag takes a value after = only', () => {
    expect(flags.parse(['--watch', 'false'])).toMatchObject({ values: { watch: true }, args: ['false'] })
    expect(valuesOf('--watch=false')).toMatchObject({ watch: false })
    expect(valuesOf('-w=0')).toMatchObject({ watch: false })
  })

  test('a flag with an optional value takes one after = only', () => {
    expect(valuesOf()).toMatchObject({ dryRun: 'none', merge: true })
    expect(flags.parse(['--dry-run', 'x'])).toMatchObject({ values: { dryRun: 'unchanged' }, args: ['x'] })
    expect(valuesOf('--dry-run=server', '--merge=F')).toMatchObject({ dryRun: 'server', merge: false })
  })

  test('--no-headers sets headers to false, and =false back to true', () => {
    expect(valuesOf()).not.toHaveProperty('headers')
    expect(valuesOf('--no-headers')).toMatchObject({ headers: false })
    expect(valuesOf('--no-headers=false')).toMatchObject({ headers: true })
  })

  test('flags may stand between arguments, and -- ends them', () => {
    expect(flags.parse(['a', '-w', 'b', '--', '-o', 'c'])).toMatchObject({
      values: { watch: true },
      args: ['a', 'b', '-o', 'c'],
    })
    expect(flags.parse(['-']).args).toEqual(['-'])
  })

  test('tells defaults from what was given, and collects repeated flags', () => {
    expect(flags.parse(['--chunk-size=7', '-fa', '-f', 'b'])).toMatchObject({
      values: { chunkSize: 7, filename: ['a', 'b'], dryRun: 'none' },
      changed: new Set(['chunkSize', 'filename']),
    })
  })

  test.each([
    [['get', '-w'], 0],
    [['-w', 'get'], 1],
    [['-o', 'json', 'get'], 2],
    [['-ojson', '--output=json', 'get'], 2],
    [['--dry-run', 'get'], 1],
    [['--unknown', 'value', 'get'], 2],
    [['-h', 'get'], 1],
    [['--', 'get'], -1],
    [['-o'], -1],
  ])('finds the first argument of %j at %i', (argv, index) => {
    expect(flags.firstArgument(argv)).toBe(index)
  })

  test('-h and --help ask for help', () => {
    expect(flags.parse(['-h']).help).toBe(true)
    expect(flags.parse(['x', '--help']).help).toBe(true)
  })

  // Texts of github.com/spf13/pflag/errors.go.
  test.each([
    [['--foo'], 'unknown flag: --foo'],
    [['-z'], "unknown shorthand flag: 'z' in -z"],
    [['-wz'], "unknown shorthand flag: 'z' in -wz"],
    [['--output'], 'flag needs an argument: --output'],
    [['-o'], "flag needs an argument: 'o' in -o"],
    [['--=x'], 'bad flag syntax: --=x'],
    [
      ['--watch=yes'],
      'invalid argument "yes" for "-w, --watch" flag: strconv.ParseBool: parsing "yes": invalid syntax',
    ],
    [
      ['--chunk-size', 'x'],
      'invalid argument "x" for "--chunk-size" flag: strconv.ParseInt: parsing "x": invalid syntax',
    ],
  ])('refuses %j: %s', (argv, message) => {
    expect(() => flags.parse(argv)).toThrow(message)
  })
})
