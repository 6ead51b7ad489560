import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Config, Context, NamedContext } from './config.ts'

/** Environment variables by name. */
export type Environment = { readonly [name: string]: string | undefined }

/** Where the configuration file is: the `--config` flag, `$K1S_CONFIG`, `${XDG_CONFIG_HOME:-~/.config}/k1s/config`. */
export function configPath(flag: string | undefined, env: Environment): string {
  if (flag !== undefined && flag !== '') return flag
  if (env.K1S_CONFIG !== undefined && env.K1S_CONFIG !== '') return env.K1S_CONFIG
  return join(baseDirectory(env.XDG_CONFIG_HOME, '.config', env), 'k1s', 'config')
}

/** An XDG base directory: its variable if that is an absolute path, else the default under the home directory. */
export function baseDirectory(variable: string | undefined, fallback: string, env: Environment): string {
  if (variable?.startsWith('/')) return variable
  // A service may have no HOME; the system then knows the home of its user.
  return join(env.HOME || homedir(), fallback)
}

export function emptyConfig(): Config {
  return { apiVersion: 'k1s.dev/v1', kind: 'Config', contexts: [] }
}

/**
 * Reads a configuration file. Undefined if there is none. The file is JSON as k1s writes it; call
 * {@link loadConfigFile} to accept YAML as well.
 *
 * @throws Error that names file and field if it is no configuration, or a {@link NotJsonError} if it may be YAML.
 */
export function readConfigFile(path: string): Config | undefined {
  const text = readText(path)
  if (text === undefined) return undefined
  if (text.trim() === '') return emptyConfig()
  return parseConfig(path, parseJson(path, text))
}

/** As {@link readConfigFile}; loads the YAML decoder if the file is not JSON. Its errors name file and line. */
export async function loadConfigFile(path: string): Promise<Config | undefined> {
  try {
    return readConfigFile(path)
  } catch (error) {
    if (!(error instanceof NotJsonError)) throw error
    return parseConfig(path, await error.decodeYaml())
  }
}

/** Replaces the file in one step, readable by its owner alone. */
export function writeConfigFile(path: string, config: Config): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(temporary, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600, flush: true })
    chmodSync(temporary, 0o600)
    renameSync(temporary, path)
  } catch (error) {
    discard(temporary)
    throw new Error(`cannot write the configuration file ${path}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

/** Removes a file that may never have come to be; why the write failed is the error that counts. */
function discard(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {}
}

/** The file is not JSON: YAML that somebody wrote by hand, or broken. */
export class NotJsonError extends Error {
  override readonly name = 'NotJsonError'
  readonly #path: string
  readonly #text: string

  constructor(path: string, text: string) {
    super(`${path} is not JSON`)
    this.#path = path
    this.#text = text
  }

  async decodeYaml(): Promise<unknown> {
    const { decodeYaml } = await import('@k1s/apimachinery/yaml')
    return decodeYaml(this.#text, { file: this.#path })[0]?.value
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Error(`cannot read the configuration file ${path}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The other decoder reads YAML, and says on which line the text is neither.
    throw new NotJsonError(path, text)
  }
}

function parseConfig(path: string, value: unknown): Config {
  const fail = (what: string): never => {
    throw new Error(`error loading config file "${path}": ${what}`)
  }
  if (value === null || value === undefined) return emptyConfig()
  if (!isRecord(value)) return fail('expected an object with apiVersion, kind and contexts')
  if (value.kind !== 'Config') fail(`kind must be "Config", not ${JSON.stringify(value.kind)}`)
  if (value.apiVersion !== 'k1s.dev/v1') {
    fail(`apiVersion must be "k1s.dev/v1", not ${JSON.stringify(value.apiVersion)}`)
  }
  const current = value['current-context']
  if (current !== undefined && typeof current !== 'string') fail('current-context must be a string')
  const contexts = value.contexts ?? []
  if (!Array.isArray(contexts)) return fail('contexts must be a list')
  return {
    ...emptyConfig(),
    ...(typeof current === 'string' && current !== '' && { 'current-context': current }),
    contexts: contexts.map((entry, index) => parseNamedContext(entry, `contexts[${index}]`, fail)),
  }
}

/** The fields of a {@link Context}. */
export const contextFields = [
  'storage',
  'path',
  'tenant',
  'namespace',
  'user',
  'kubeconfig',
  'kube-context',
] as const

function parseNamedContext(value: unknown, field: string, fail: (what: string) => never): NamedContext {
  if (!isRecord(value) || typeof value.name !== 'string' || value.name === '') {
    return fail(`${field}.name must be a string that is not empty`)
  }
  if (value.context !== undefined && value.context !== null && !isRecord(value.context)) {
    return fail(`${field}.context must be an object`)
  }
  const context: Context = {}
  for (const [name, part] of Object.entries(value.context ?? {})) {
    const known = contextFields.find((candidate) => candidate === name)
    if (known === undefined) {
      return fail(`unknown field "${field}.context.${name}", expected one of ${contextFields.join(', ')}`)
    }
    if (typeof part !== 'string') return fail(`${field}.context.${name} must be a string`)
    context[known] = part
  }
  return { name: value.name, context }
}

function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
