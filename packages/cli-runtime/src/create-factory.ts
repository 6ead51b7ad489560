import type { Client, Transport, UserInfo } from '@k1s/core'
import type { ResolvedConfig } from './config/config.ts'
import { configPath, type Environment, loadConfigFile } from './config/config-file.ts'
import { resolveConfig } from './config/resolve-config.ts'
import type { Factory, FactoryOptions, RuntimeHandle } from './factory.ts'
import type { GlobalFlags } from './flags/global-flags.ts'
import { createRestMapper } from './mapping/discovery-rest-mapper.ts'
import type { RestMapper } from './mapping/rest-mapper.ts'
import { createPrinter } from './printers/create-printer.ts'
import type { PrinterOptions, ResourcePrinter } from './printers/printer.ts'
import { createWarningPrinter } from './printers/warning-printer.ts'
import type { Builder } from './resource/builder.ts'
import { newBuilder } from './resource/resource-builder.ts'
import type { IOStreams } from './streams/io-streams.ts'
import { processStreams } from './streams/process-streams.ts'

/**
 * Makes a factory. This does nothing yet: no file is read and no store is opened.
 *
 * @example
 * const factory = createFactory({ flags: { namespace: 'shop' } })
 * const client = await factory.client()
 * …
 * await factory.close()
 */
export function createFactory(options: FactoryOptions = {}): Factory {
  return new LazyFactory(options)
}

class LazyFactory implements Factory {
  readonly streams: IOStreams
  readonly flags: GlobalFlags
  readonly warn: (this: void, text: string) => void
  readonly #env: Environment
  readonly #openRuntime: (config: ResolvedConfig) => Promise<RuntimeHandle>
  #config: Promise<ResolvedConfig> | undefined
  #runtime: Promise<RuntimeHandle> | undefined
  #restMapper: Promise<RestMapper> | undefined

  constructor(options: FactoryOptions) {
    this.#env = options.env ?? process.env
    this.streams = options.streams ?? processStreams(this.#env)
    this.flags = options.flags ?? {}
    this.warn = createWarningPrinter(this.streams.err)
    this.#openRuntime = options.openRuntime ?? ((config) => openRuntime(config, this.#env, options))
  }

  config(): Promise<ResolvedConfig> {
    this.#config ??= this.#loadConfig()
    return this.#config
  }

  async namespace(): Promise<{ namespace: string; enforced: boolean }> {
    const { namespace, namespaceEnforced: enforced, server } = await this.config()
    if (server === undefined || server.namespace !== undefined) return { namespace, enforced }
    return { namespace: (await this.runtime()).namespace ?? namespace, enforced }
  }

  async user(): Promise<UserInfo> {
    return userOf(await this.config())
  }

  runtime(): Promise<RuntimeHandle> {
    this.#runtime ??= this.config().then((config) => this.#openRuntime(config))
    return this.#runtime
  }

  async client(): Promise<Client> {
    return (await this.runtime()).client
  }

  async transport(): Promise<Transport> {
    return (await this.runtime()).transport
  }

  restMapper({ refresh = false }: { readonly refresh?: boolean } = {}): Promise<RestMapper> {
    if (refresh) this.#restMapper = undefined
    this.#restMapper ??= this.#discover()
    return this.#restMapper
  }

  newBuilder(): Builder {
    return newBuilder(this)
  }

  printer(options: PrinterOptions): Promise<ResourcePrinter> {
    return createPrinter(options)
  }

  async close(): Promise<void> {
    try {
      this.streams.out.flush()
      this.streams.err.flush()
    } finally {
      // A runtime that could not be opened has failed the command already and leaves nothing to close.
      const runtime = await this.#runtime?.catch(() => undefined)
      await runtime?.close()
    }
  }

  async #loadConfig(): Promise<ResolvedConfig> {
    const file = await loadConfigFile(configPath(this.flags.config, this.#env))
    return resolveConfig(this.flags, this.#env, file)
  }

  async #discover(): Promise<RestMapper> {
    const [transport, { tenant }] = await Promise.all([this.transport(), this.config()])
    return createRestMapper(await transport.discover(tenant), this.warn)
  }
}

async function openRuntime(
  config: ResolvedConfig,
  env: Environment,
  { userAgent, wrapTransport }: FactoryOptions,
): Promise<RuntimeHandle> {
  const wrapped = wrapTransport && { wrapTransport }
  if (config.server !== undefined) {
    const { openServer } = await import('./open-server.ts')
    const program = userAgent && { userAgent: await userAgent() }
    return openServer(config.server, userOf(config), { env, ...program, ...wrapped })
  }
  const { storage, path, tenant, namespace } = config
  const { createRuntime } = await import('@k1s/core')
  try {
    const user = userOf(config)
    return await createRuntime({ storage: { type: storage, path }, tenant, namespace, user, ...wrapped })
  } catch (error) {
    throw (await import('./errors/opening-error.ts')).openingError(error)
  }
}

function userOf({ user, groups, uid, extra }: ResolvedConfig): UserInfo {
  return {
    name: user,
    ...(groups !== undefined && { groups }),
    ...(uid !== undefined && { uid }),
    ...(extra !== undefined && { extra }),
  }
}
