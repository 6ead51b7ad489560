import { join, resolve } from 'node:path'
import type { APIServer } from '@k1s/apiserver'
import { type Factory, type ResolvedConfig, UsageError } from '@k1s/cli-runtime'
import type { StorageInterface } from '@k1s/storage'
import type { Command } from '../command.ts'
import { keepCertificate } from './keep-certificate.ts'
import { type ListenAddress, resolveListenAddress } from './listen-address.ts'
import { describeListenFailure } from './listen-failure.ts'
import { ReadyFile } from './ready-file.ts'
import { addServeFlags, checkServeFlags, type ServeFlags } from './serve-flags.ts'
import { type ServerFiles, serverFiles } from './server-files.ts'
import { loadIdentity, type ServerIdentity } from './server-identity.ts'
import { ServerLog } from './server-log.ts'
import { stopSignal } from './stop-signals.ts'
import { storeLoss } from './store-loss.ts'

export const serve: Command<ServeFlags> = {
  usage: 'serve [--port=number] [--write-kubeconfig=file] [flags]',
  description: `Serve the store over HTTPS as a Kubernetes API server, until Ctrl-C or SIGTERM.

kubectl, client libraries and controllers of any language work on the same objects as k1s does, and k1s may go on working on the store at the same time. Only those who have the token are answered: it is in the kubeconfig, whose path is printed.`,
  examples: `# Serve the store on https://127.0.0.1:6443
k1s serve

# Then, in another terminal, with the path that was printed
export KUBECONFIG=~/.local/share/k1s/apiserver/kubeconfig
kubectl get namespaces

# An API server for a test: a free port, nothing stays behind
k1s serve --storage=memory --port=0 --write-kubeconfig=kubeconfig --ready-file=ready

# Two further tenants, each with a context of its own
k1s serve --tenants=acme,initech

# Serve to other machines, under their name for this one
k1s serve --host=0.0.0.0 --tls-san-names=build.example.com`,
  flags: addServeFlags,

  async run({ flags, args, factory, commandPath }) {
    if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, commandPath)
    checkServeFlags(flags)
    const config = await factory.config()
    if ('server' in config && config.server !== undefined) {
      throw new Error(
        'serve needs a store on this machine, and flags, environment or context name an API server in its place',
      )
    }
    const address = await resolveListenAddress(flags.host ?? flags.bindAddress ?? '127.0.0.1', {
      loopbackOnly: flags.insecureHttp === true,
    })
    const ready = flags.readyFile === undefined ? undefined : new ReadyFile(resolve(flags.readyFile))
    const storage = await openStore(config)
    const files = serverFiles(config)
    const removeTraces = () => {
      ready?.remove()
      files.remove()
    }
    // Also when a second signal ends the process.
    process.once('exit', removeTraces)
    try {
      await serveStore({ flags, factory, config, address, ready, storage, files })
    } finally {
      removeTraces()
      await storage.close()
    }
  },
}

interface Setting {
  readonly flags: ServeFlags
  readonly factory: Factory
  readonly config: ResolvedConfig
  readonly address: ListenAddress
  readonly ready: ReadyFile | undefined
  readonly storage: StorageInterface
  readonly files: ServerFiles
}

async function openStore({ storage, path }: ResolvedConfig): Promise<StorageInterface> {
  const { openStorage } = await import('@k1s/storage')
  return openStorage({ type: storage, path }, { lmdb: () => import('@k1s/storage-lmdb') })
}

async function serveStore(setting: Setting): Promise<void> {
  const { flags, factory, config, address, ready, storage, files } = setting
  const log = new ServerLog(factory.streams)
  const identity = await loadIdentity(flags, address, files)
  const server = await listen(setting, identity, log)
  const stopped = stopSignal()
  const serving = new AbortController()
  try {
    const url = `${identity.certificate === undefined ? 'http' : 'https'}://${address.urlHost}:${server.port}`
    log.print(await introduce(url, identity, setting))
    ready?.write(url)
    if (identity.certificate?.reload !== undefined) {
      keepCertificate(server, identity.certificate.serving, identity.certificate.reload, {
        signal: serving.signal,
        onError: (error) => log.reportError(error),
      })
    }
    const signal = await Promise.race([stopped, failure(storeLoss(storage, config.tenant, serving.signal))])
    log.report(
      `Stopping after ${signal}: requests under way have ${flags.shutdownTimeout / 1000}s to finish. A second signal ends them at once.`,
    )
  } finally {
    serving.abort()
    ready?.remove()
    const left = await server.close({ timeoutMs: flags.shutdownTimeout })
    if (left > 0) log.report(`${left} ${left === 1 ? 'request was' : 'requests were'} cut off.`)
  }
}

async function listen(setting: Setting, identity: ServerIdentity, log: ServerLog): Promise<APIServer> {
  const { flags, config, address, storage } = setting
  const [{ createAPIServer, bearerTokenAuthenticator }, { createRuntime }] = await Promise.all([
    import('@k1s/apiserver'),
    import('@k1s/core'),
  ])
  const { transport } = await createRuntime({ storage, tenant: config.tenant })
  try {
    return await createAPIServer({
      transport,
      storage,
      tenant: config.tenant,
      host: address.address,
      port: flags.port,
      ...(identity.certificate === undefined
        ? { insecureHttp: true }
        : { tls: identity.certificate.serving }),
      authenticate: bearerTokenAuthenticator(identity.token),
      onError: (error) => log.reportError(error),
    })
  } catch (error) {
    throw describeListenFailure(error, address, flags.port)
  }
}

/** Writes the kubeconfig and says how to use it. */
async function introduce(url: string, identity: ServerIdentity, setting: Setting): Promise<string> {
  const { flags, config, files } = setting
  const { writeKubeconfig } = await import('@k1s/apiserver')
  const file = resolve(flags.writeKubeconfig ?? join(files.directory, 'kubeconfig'))
  const currentContext = await writeKubeconfig(file, {
    server: url,
    certificateAuthority: identity.certificate?.authority,
    tlsServerName: identity.certificate?.tlsServerName,
    token: identity.token,
    ...(flags.tenants !== undefined && { tenants: flags.tenants }),
  })
  const contexts = ['k1s', ...(flags.tenants ?? []).map((tenant) => `k1s-${tenant}`)]
  const store = files.isTransient ? 'a store in memory' : `the store at ${config.path}`
  return [
    `Serving tenant ${config.tenant} of ${store} on ${url}`,
    `The kubeconfig is ${file}${contexts.length > 1 ? `, with the contexts ${contexts.join(', ')}` : ''}`,
    ...(contexts.includes(currentContext)
      ? []
      : [
          `Its current-context is still ${currentContext}: choose ours with kubectl --context=${contexts[0]}`,
        ]),
    '',
    `export KUBECONFIG=${shellQuote(file)}`,
    '',
  ].join('\n')
}

function shellQuote(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}

async function failure(reason: Promise<Error | undefined>): Promise<never> {
  const error = await reason
  if (error !== undefined) throw error
  return new Promise(() => undefined)
}
