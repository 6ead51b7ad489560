import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { GlobalFlags } from '../flags/global-flags.ts'
import { didYouMean, suggestions } from '../mapping/suggestions.ts'
import type { Config, Context, ResolvedConfig } from './config.ts'
import { baseDirectory, configPath, type Environment } from './config-file.ts'

/**
 * Takes flags, environment, the configuration file and defaults together, in this order of precedence.
 *
 * @throws Error if a context is named that the file does not have.
 */
export function resolveConfig(
  flags: GlobalFlags,
  env: Environment,
  config: Config | undefined,
): ResolvedConfig {
  const file = configPath(flags.config, env)
  const name = pick(flags.context, env.K1S_CONTEXT, config?.['current-context'])
  const chosen = pick(flags.context, env.K1S_CONTEXT) !== undefined
  const context = name === undefined ? {} : findContext(config, name, file, chosen)
  const contextPath =
    context.path === undefined || isAbsolute(context.path)
      ? context.path
      : join(dirname(resolve(file)), context.path)
  const path =
    pick(flags.dataDir, env.K1S_DATA_DIR, contextPath) ??
    join(baseDirectory(env.XDG_DATA_HOME, '.local/share', env), 'k1s')
  return {
    ...(name !== undefined && { context: name }),
    storage: pick(flags.storage, env.K1S_STORAGE, context.storage) ?? 'lmdb',
    path: resolve(path),
    tenant: pick(flags.tenant, env.K1S_TENANT, context.tenant) ?? 'default',
    namespace: pick(flags.namespace, env.K1S_NAMESPACE, context.namespace) ?? 'default',
    namespaceEnforced: pick(flags.namespace) !== undefined,
    user: pick(flags.as, context.user, env.USER, env.LOGNAME, env.USERNAME) ?? 'k1s',
  }
}

/** The first value that is set and not empty. */
function pick(...values: (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value !== '')
}

/** `chosen` is false for the current context of the file, which a command can change. */
function findContext(config: Config | undefined, name: string, file: string, chosen: boolean): Context {
  const contexts = config?.contexts ?? []
  const found = contexts.find((context) => context.name === name)
  if (found !== undefined) return found.context
  const hint = didYouMean(
    suggestions(
      name,
      contexts.map((context) => context.name),
    ),
  )
  const where = config === undefined ? `: there is no configuration file ${file}` : ''
  const lines = [`context ${JSON.stringify(name)} does not exist${where}`]
  if (hint !== undefined) lines.push(hint)
  if (!chosen) {
    lines.push(
      `It is the current-context of ${file}: choose another with "k1s config use-context", or none with "k1s config unset current-context"`,
    )
  }
  throw new Error(lines.join('\n'))
}
