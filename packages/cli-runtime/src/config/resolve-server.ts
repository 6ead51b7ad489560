import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { GlobalFlags, ServerFlags } from '../flags/global-flags.ts'
import type { Context, ServerConfig } from './config.ts'
import type { Environment } from './config-file.ts'

/** The context that a command uses, with the configuration file that it is from. */
export interface ChosenContext {
  readonly file: string
  /** Undefined if there is none. */
  readonly name: string | undefined
  readonly context: Context
}

/**
 * The API server of a command: that of `--kubeconfig`, of `$K1S_KUBECONFIG`, of the context's kubeconfig, or of
 * `--server` alone. Undefined if commands work on a store. `$KUBECONFIG` is kubectl's and means nothing here.
 *
 * @throws Error if flags or variables say both, a server and a store.
 */
export function resolveServer(
  flags: GlobalFlags,
  env: Environment,
  chosen: ChosenContext,
): ServerConfig | undefined {
  const place = placeOf(flags, env, chosen)
  if (place === undefined) {
    refuseServerFlags(flags)
    return undefined
  }
  refuseStore(flags, env, place)
  const { kubeconfig, context } = place
  const inContext = chosen.context.kubeconfig ? chosen.context.namespace : undefined
  const namespace = flags.namespace || env.K1S_NAMESPACE || inContext
  return {
    kubeconfig,
    ...(context && { context }),
    ...(namespace && { namespace }),
    ...(flags.cluster && { cluster: flags.cluster }),
    ...(flags.user && { user: flags.user }),
    ...(flags.server && { server: flags.server }),
    ...(flags.token && { token: flags.token }),
    ...(flags.username && { username: flags.username }),
    ...(flags.password && { password: flags.password }),
    ...(flags.clientCertificate && { clientCertificate: flags.clientCertificate }),
    ...(flags.clientKey && { clientKey: flags.clientKey }),
    ...(flags.certificateAuthority && { certificateAuthority: flags.certificateAuthority }),
    ...(flags.insecureSkipTlsVerify && { insecureSkipTLSVerify: true }),
    ...(flags.tlsServerName && { tlsServerName: flags.tlsServerName }),
    ...(flags.as && { as: flags.as }),
    ...(flags.requestTimeout && { requestTimeout: flags.requestTimeout }),
  }
}

/** The kubeconfig of `--kubeconfig`, else of the environment; empty for none. An empty flag takes the variable away. */
export function givenKubeconfig(flags: GlobalFlags, env: Environment): string {
  return flags.kubeconfig ?? env.K1S_KUBECONFIG ?? ''
}

/** Why a context cannot be as it is: it is a store, or a server with its kubeconfig. */
export function contextProblem(context: Context): string | undefined {
  if (!context.kubeconfig) {
    return context['kube-context']
      ? 'has a kube-context, but no kubeconfig that it is a context of'
      : undefined
  }
  const others = (['storage', 'path', 'tenant', 'user'] as const).filter((field) => context[field])
  if (others.length === 0) return undefined
  return `has a kubeconfig, beside which there is no place for ${others.join(', ')}: the kubeconfig says where and as whom`
}

interface Place {
  readonly kubeconfig: string
  readonly context: string | undefined
  /** What names it, for messages. */
  readonly source: string
  /** A flag names it, which wins over the environment, as a context does not. */
  readonly byFlag: boolean
}

function placeOf(flags: GlobalFlags, env: Environment, chosen: ChosenContext): Place | undefined {
  const given = givenKubeconfig(flags, env)
  if (given !== '') {
    return flags.kubeconfig
      ? { kubeconfig: given, context: flags.context, source: '--kubeconfig', byFlag: true }
      : {
          kubeconfig: given,
          context: flags.context || env.K1S_CONTEXT,
          source: '$K1S_KUBECONFIG',
          byFlag: false,
        }
  }
  const { file, name, context } = chosen
  if (context.kubeconfig) {
    const { kubeconfig } = context
    return {
      kubeconfig: isAbsolute(kubeconfig) ? kubeconfig : join(dirname(resolve(file)), kubeconfig),
      context: context['kube-context'],
      source: `context ${JSON.stringify(name)}, which has a kubeconfig`,
      byFlag: Boolean(flags.server),
    }
  }
  if (!flags.server) return undefined
  if (flags.context) {
    throw new Error(
      `--server cannot be used with context ${JSON.stringify(name)}, which names a store: leave out one of the two`,
    )
  }
  return { kubeconfig: '', context: undefined, source: '--server', byFlag: true }
}

const storeSettings = [
  ['dataDir', '--data-dir', 'K1S_DATA_DIR'],
  ['storage', '--storage', 'K1S_STORAGE'],
  ['tenant', '--tenant', 'K1S_TENANT'],
] as const

function refuseStore(flags: GlobalFlags, env: Environment, { source, byFlag }: Place): void {
  for (const [key, flag, variable] of storeSettings) {
    const given = flags[key] ? flag : !byFlag && env[variable] ? `$${variable}` : undefined
    if (given === undefined) continue
    const why =
      key === 'tenant'
        ? "a server's tenant is part of its URL. Use a context of the kubeconfig whose server ends in /tenants/NAME, or leave out one of the two"
        : 'the server knows where its objects are. Leave out one of the two'
    throw new Error(`${given} cannot be used with ${source}: ${why}`)
  }
}

const serverFlags: { readonly [key in keyof ServerFlags]: string } = {
  cluster: '--cluster',
  user: '--user',
  token: '--token',
  username: '--username',
  password: '--password',
  clientCertificate: '--client-certificate',
  clientKey: '--client-key',
  certificateAuthority: '--certificate-authority',
  insecureSkipTlsVerify: '--insecure-skip-tls-verify',
  tlsServerName: '--tls-server-name',
}

function refuseServerFlags(flags: GlobalFlags): void {
  for (const [key, flag] of Object.entries(serverFlags)) {
    if (!flags[key as keyof ServerFlags]) continue
    throw new Error(
      `${flag} is for API servers, and this command works on a store: name a server with --kubeconfig, --server, or a context that has a kubeconfig`,
    )
  }
}
