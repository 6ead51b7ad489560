/**
 * Keys and values of config maps and secrets from the command line: `--from-literal`, `--from-file` and
 * `--from-env-file`. Texts follow `k8s.io/kubectl/pkg/util` and `k8s.io/kubectl/pkg/cmd/util/env_file.go`.
 */
import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { quote, regexError } from '@k1s/apimachinery'
import { appendCommaList } from '@k1s/cli-runtime'
import type { FlagSet } from '../flag-set.ts'

export interface DataSourceFlags {
  fromLiteral?: string[]
  fromFile?: string[]
  fromEnvFile?: string[]
}

export interface DataEntry {
  readonly key: string
  readonly value: Buffer
}

/** `noun` is `configmap` or `secret`. */
export function addDataSourceFlags(set: FlagSet, noun: string): void {
  set
    .option(
      '--from-file <source>',
      `Key file can be specified using its file path, in which case file basename will be used as ${noun} key, or optionally with a key and file path, in which case the given key will be used.  Specifying a directory will iterate each named file in the directory whose basename is a valid ${noun} key.`,
      appendCommaList,
    )
    .option(
      '--from-literal <pair>',
      `Specify a key and literal value to insert in ${noun} (i.e. mykey=somevalue)`,
      (text, previous: string[] | undefined) => [...(previous ?? []), text],
    )
    .option(
      '--from-env-file <file>',
      `Specify the path to a file to read lines of key=val pairs to create a ${noun}.`,
      appendCommaList,
    )
}

/** Reads all sources, in the order of the flags' precedence. `noun` stands in errors. */
export function readDataSources(flags: DataSourceFlags, noun: string): DataEntry[] {
  const { fromFile = [], fromLiteral = [], fromEnvFile = [] } = flags
  if (fromEnvFile.length > 0 && (fromFile.length > 0 || fromLiteral.length > 0)) {
    throw new Error('from-env-file cannot be combined with from-file or from-literal')
  }
  return [
    ...fromFile.flatMap(readFileSource),
    ...fromLiteral.map(readLiteral),
    ...fromEnvFile.flatMap((file) => readEnvFile(file, noun)),
  ]
}

function readLiteral(source: string): DataEntry {
  const equals = source.indexOf('=')
  if (equals <= 0) throw new Error(`invalid literal source ${source}, expected key=value`)
  return { key: source.slice(0, equals), value: Buffer.from(source.slice(equals + 1)) }
}

function readFileSource(source: string): DataEntry[] {
  const { key, file } = parseFileSource(source)
  if (!statSource(file).isDirectory()) return [{ key, value: readFileSync(file) }]
  if (source.includes('=')) throw new Error('cannot give a key name for a directory path')
  return readdirSync(file, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name }) => ({ key: name, value: readFileSync(join(file, name)) }))
}

function parseFileSource(source: string): { key: string; file: string } {
  const [key, file, ...more] = source.split('=')
  if (file === undefined) return { key: basename(source), file: source }
  if (more.length > 0) throw new Error("key names or file paths cannot contain '='")
  if (key === '') throw new Error(`key name for file path ${file} missing`)
  if (file === '') throw new Error(`file path for key name ${key} missing`)
  return { key: key!, file }
}

function readEnvFile(file: string, noun: string): DataEntry[] {
  if (statSource(file).isDirectory()) {
    throw new Error(`env ${noun === 'configmap' ? 'config' : noun} file cannot be a directory`)
  }
  const lines = readFileSync(file, 'utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
  return lines
    .map((line) => line.trimStart())
    .flatMap((line) => (line === '' || line[0] === '#' ? [] : [readEnvLine(line)]))
}

/** A name without `=` takes its value from the environment. */
function readEnvLine(line: string): DataEntry {
  const equals = line.indexOf('=')
  const key = equals < 0 ? line : line.slice(0, equals)
  if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(key)) {
    const problem = regexError(
      "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
      '[-._a-zA-Z][-._a-zA-Z0-9]*',
      'my.env-name',
      'MY_ENV.NAME',
      'MyEnvName1',
    )
    throw new Error(`${quote(key)} is not a valid key name: ${problem}`)
  }
  return { key, value: Buffer.from(equals < 0 ? (process.env[key] ?? '') : line.slice(equals + 1)) }
}

function statSource(file: string): Stats {
  try {
    return statSync(file)
  } catch (error) {
    // Node says `ENOENT: no such file or directory, stat 'x'`.
    const reason = /^\w+: (.*), /.exec((error as Error).message)?.[1] ?? (error as Error).message
    throw new Error(`error reading ${file}: ${reason}`)
  }
}
