import type { FlagDeclarer } from './flag-declarer.ts'

/** The values of the flags that every command has, under the names that commander gives them. */
export interface GlobalFlags {
  namespace?: string
  tenant?: string
  context?: string
  dataDir?: string
  storage?: string
  /** The configuration file. */
  config?: string
  /** The user name that requests carry. */
  as?: string
  requestTimeout?: string
  /** Verbosity, 0 to 10. */
  v?: number
}

/** Adds `-n`, `--tenant`, `--context`, `--data-dir`, `--storage`, `--config`, `--as`, `--request-timeout` and `-v` to a command. */
export function addGlobalFlags(command: FlagDeclarer): FlagDeclarer {
  return command
    .option('-n, --namespace <name>', 'If present, the namespace scope for this CLI request')
    .option('--tenant <name>', 'The tenant whose objects this command sees')
    .option('--context <name>', 'The name of the context in the configuration file to use')
    .option('--data-dir <path>', 'The directory that holds the store')
    .option('--storage <type>', 'The storage backend: lmdb, memory')
    .option('--config <file>', 'Path to the configuration file to use')
    .option('--as <user>', 'Username to impersonate for the operation')
    .option(
      '--request-timeout <duration>',
      'Accepted for compatibility: requests of k1s never wait for a server.',
    )
    .option('-v, --v <level>', 'number for the log level verbosity', parseVerbosity)
}

function parseVerbosity(text: string): number {
  const level = Number(text)
  if (!Number.isInteger(level) || level < 0) {
    throw new Error(`invalid argument ${JSON.stringify(text)} for "-v, --v" flag: must be a whole number`)
  }
  return level
}
