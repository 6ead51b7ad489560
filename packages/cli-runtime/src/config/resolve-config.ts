import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { GlobalFlags } from '../flags/global-flags.ts'
import { didYouMean, suggestions } from '../mapping/suggestions.ts'
import type { Config, Context, ResolvedConfig } from './config.ts'
import { baseDirectory, configPath, type Environment } from './config-file.ts'
import { contextProblem, givenKubeconfig, resolveServer } from './resolve-server.ts'

/**
 * Takes flags, environment, the configuration file and defaults together, in this order of precedence. Where a
 * kubeconfig is given, `--context` is one of its contexts, and those of the file do not count.
 *
 * @throws Error if a context is named that the file does not have, or if a server and a store are named.
 */
export function resolveConfig(
  flags: GlobalFlags,
  env: Environment,
  config: Config | undefined,
): ResolvedConfig {
  const file = configPath(flags.config, env)
  const chosen = pick(flags.context, env.K1S_CONTEXT)
  const name = givenKubeconfig(flags, env) === '' ? pick(chosen, config?.['current-context']) : undefined
  const context = name === undefined ? {} : findContext(config, name, file, chosen !== undefined)
  const server = resolveServer(flags, env, { file, name, context })
  const extra = parseExtra(flags.asUserExtra)
  if ((flags.asGroup !== undefined || flags.asUid || extra !== undefined) && !flags.as) {
    // The two spaces are those of clientcmd, which has no name of a user here.
    throw new Error('requesting uid, groups or user-extra for  without impersonating a user')
  }
  const contextPath =
    context.path === undefined || isAbsolute(context.path)
      ? context.path
      : join(dirname(resolve(file)), context.path)
  const path =
    pick(flags.dataDir, env.K1S_DATA_DIR, contextPath) ??
    join(baseDirectory(env.XDG_DATA_HOME, '.local/share', env), 'k1s')
  return {
    ...(name !== undefined && (server === undefined || context.kubeconfig) && { context: name }),
    storage: pick(flags.storage, env.K1S_STORAGE, context.storage) ?? 'lmdb',
    path: resolve(path),
    tenant: pick(flags.tenant, env.K1S_TENANT, context.tenant) ?? 'default',
    namespace: pick(flags.namespace, env.K1S_NAMESPACE, context.namespace) ?? 'default',
    namespaceEnforced: pick(flags.namespace) !== undefined,
    user: pick(flags.as, context.user, env.USER, env.LOGNAME, env.USERNAME) ?? 'k1s',
    ...(flags.asGroup !== undefined && { groups: flags.asGroup }),
    ...(flags.asUid && { uid: flags.asUid }),
    ...(extra !== undefined && { extra }),
    ...(server !== undefined && { server }),
  }
}

/** What has no `=` is left out, as `ConfigFlags` of `k8s.io/cli-runtime` does it. */
function parseExtra(given: readonly string[] = []): { [key: string]: string[] } | undefined {
  const extra = new Map<string, string[]>()
  for (const text of given) {
    const equals = text.indexOf('=')
    if (equals < 0) continue
    const key = text.slice(0, equals)
    extra.set(key, [...(extra.get(key) ?? []), text.slice(equals + 1)])
  }
  return extra.size === 0 ? undefined : Object.fromEntries(extra)
}

/** The first value that is set and not empty. */
function pick(...values: (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value !== '')
}

/** `chosen` is false for the current context of the file, which a command can change. */
function findContext(config: Config | undefined, name: string, file: string, chosen: boolean): Context {
  const contexts = config?.contexts ?? []
  const found = contexts.find((context) => context.name === name)
  if (found !== undefined) {
    const problem = contextProblem(found.context)
    if (problem === undefined) return found.context
    throw new Error(`context ${JSON.stringify(name)} of ${file} ${problem}`)
  }
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
