import type { FlagDeclarer } from './flag-declarer.ts'

/** The values of the flags that every command has, under the names that commander gives them. */
export interface GlobalFlags extends ServerFlags {
  namespace?: string
  tenant?: string
  /** A context of the kubeconfig where there is one, else of the configuration file. */
  context?: string
  dataDir?: string
  storage?: string
  /** The configuration file. */
  config?: string
  /** The user name that requests carry. */
  as?: string
  asGroup?: string[]
  asUid?: string
  /** `key=value`, each. */
  asUserExtra?: string[]
  requestTimeout?: string
  /** Verbosity, 0 to 10. */
  v?: number
}

/** Which API server a command goes to, and as whom: the flags of kubectl of the same names. */
export interface ServerFlags {
  /** Path of a kubeconfig. */
  kubeconfig?: string
  cluster?: string
  user?: string
  server?: string
  token?: string
  username?: string
  password?: string
  clientCertificate?: string
  clientKey?: string
  certificateAuthority?: string
  insecureSkipTlsVerify?: boolean
  tlsServerName?: string
}

/** Adds the flags of {@link GlobalFlags} to a command. Descriptions are kubectl's where it has the flag. */
export function addGlobalFlags(command: FlagDeclarer): FlagDeclarer {
  addServerFlags(command)
  return command
    .option('-n, --namespace <name>', 'If present, the namespace scope for this CLI request')
    .option('--tenant <name>', 'The tenant whose objects this command sees')
    .option(
      '--context <name>',
      'The name of the context to use: of the kubeconfig if one is given, else of the configuration file',
    )
    .option('--data-dir <path>', 'The directory that holds the store')
    .option('--storage <type>', 'The storage backend: lmdb, memory')
    .option('--config <file>', 'Path to the configuration file to use')
    .option(
      '--as <user>',
      'Username to impersonate for the operation. User could be a regular user or a service account in a namespace.',
    )
    .option(
      '--as-group <group>',
      'Group to impersonate for the operation, this flag can be repeated to specify multiple groups.',
      append,
    )
    .option('--as-uid <uid>', 'UID to impersonate for the operation.')
    .option(
      '--as-user-extra <key=value>',
      'User extras to impersonate for the operation, this flag can be repeated to specify multiple values for the same key.',
      append,
    )
    .option(
      '--request-timeout <duration>',
      "The length of time to wait before giving up on a single server request. Non-zero values should contain a corresponding time unit (e.g. 1s, 2m, 3h). A value of zero means don't timeout requests. A store on this machine never keeps a request waiting.",
    )
    .option('-v, --v <level>', 'number for the log level verbosity', parseVerbosity)
}

function addServerFlags(command: FlagDeclarer): void {
  command
    .option(
      '--kubeconfig <file>',
      'Path to the kubeconfig file to use for CLI requests. With it they go to the Kubernetes API server that it names.',
    )
    .option('--cluster <name>', 'The name of the kubeconfig cluster to use')
    .option('--user <name>', 'The name of the kubeconfig user to use')
    .option('-s, --server <url>', 'The address and port of the Kubernetes API server')
    .option('--token <token>', 'Bearer token for authentication to the API server')
    .option('--username <name>', 'Username for basic authentication to the API server')
    .option('--password <password>', 'Password for basic authentication to the API server')
    .option('--client-certificate <file>', 'Path to a client certificate file for TLS')
    .option('--client-key <file>', 'Path to a client key file for TLS')
    .option('--certificate-authority <file>', 'Path to a cert file for the certificate authority')
    .option(
      '--insecure-skip-tls-verify',
      "If true, the server's certificate will not be checked for validity. This will make your HTTPS connections insecure",
    )
    .option(
      '--tls-server-name <name>',
      'Server name to use for server certificate validation. If it is not provided, the hostname used to contact the server is used',
    )
}

function append(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value]
}

function parseVerbosity(text: string): number {
  const level = Number(text)
  if (!Number.isInteger(level) || level < 0) {
    throw new Error(`invalid argument ${JSON.stringify(text)} for "-v, --v" flag: must be a whole number`)
  }
  return level
}
