import type { Clock, KubernetesObject } from '@k1s/apimachinery'
import type { Client, KindDefinition, Transport, UserInfo, WorkTracker } from '@k1s/core'
import type { ResolvedConfig } from './config/config.ts'
import type { Environment } from './config/config-file.ts'
import type { GlobalFlags } from './flags/global-flags.ts'
import type { RestMapper } from './mapping/rest-mapper.ts'
import type { PrinterOptions, ResourcePrinter } from './printers/printer.ts'
import type { Builder } from './resource/builder.ts'
import type { IOStreams } from './streams/io-streams.ts'

/** The part of a Runtime or a Connection of `@k1s/core` that commands use. */
export interface RuntimeHandle {
  /** The namespace of the kubeconfig's context, for commands that are told none. */
  readonly namespace?: string
  readonly client: Client
  readonly transport: Transport
  /** Of a store: its time, what is under way, and how kinds are added. */
  readonly clock?: Clock
  readonly work?: WorkTracker
  readonly checkStorage?: () => void
  registerAPI?(...kinds: KindDefinition<KubernetesObject>[]): void
  close(): Promise<void>
}

/**
 * What commands are made from: `cmdutil.Factory`. Nothing is opened before it is asked for, and then once.
 */
export interface Factory {
  readonly streams: IOStreams
  readonly flags: GlobalFlags
  /** Flags, environment, configuration file and defaults taken together. Throws an Error that names file and line. */
  config(): Promise<ResolvedConfig>
  /** The namespace of the command, and whether a flag named it. */
  namespace(): Promise<{ namespace: string; enforced: boolean }>
  user(): Promise<UserInfo>
  runtime(): Promise<RuntimeHandle>
  client(): Promise<Client>
  transport(): Promise<Transport>
  /** `refresh` asks the server again, for kinds that came to be since. */
  restMapper(options?: { readonly refresh?: boolean }): Promise<RestMapper>
  newBuilder(): Builder
  /** Makes a printer, loading only the format that is wanted. Throws an Error on an unknown format. */
  printer(options: PrinterOptions): Promise<ResourcePrinter>
  /** Prints `Warning: …` on stderr. Pass it as `onWarning`. The same text is printed once. */
  warn(this: void, text: string): void
  /** Flushes the streams and closes what was opened. */
  close(): Promise<void>
}

export interface FactoryOptions {
  readonly flags?: GlobalFlags
  /** Defaults to the process's. */
  readonly streams?: IOStreams
  /** Defaults to `process.env`. */
  readonly env?: Environment
  /** What servers hear of the program: `k1s/0.1.0`. Called when there is one. */
  readonly userAgent?: () => Promise<string>
  /** What all requests of the command go through. */
  readonly wrapTransport?: (transport: Transport) => Transport
  /** Opens the store, or connects to the server. Defaults to `createRuntime` and `connect` of `@k1s/core`. */
  readonly openRuntime?: (config: ResolvedConfig) => Promise<RuntimeHandle>
}
