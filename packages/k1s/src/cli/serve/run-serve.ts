import { resolve } from 'node:path'
import type { APIServer } from '@k1s/apiserver'
import { type Factory, openingError, type ResolvedConfig } from '@k1s/cli-runtime'
import { type StoppedBySignal, setupSignalHandler } from '@k1s/core/work'
import type { StorageInterface } from '@k1s/storage'
import { introduction } from './introduction.ts'
import { keepCertificate } from './keep-certificate.ts'
import { type ListenAddress, resolveListenAddress } from './listen-address.ts'
import { describeListenFailure } from './listen-failure.ts'
import { requireParentDirectory } from './parent-directory.ts'
import type { ReadyFile } from './ready-file.ts'
import type { ServeFlags } from './serve-flags.ts'
import { type ServerFiles, serverFiles } from './server-files.ts'
import { loadIdentity, type ServerIdentity } from './server-identity.ts'
import { writeServerKubeconfig } from './server-kubeconfig.ts'
import { ServerLog } from './server-log.ts'
import { storeLoss } from './store-loss.ts'

/** Serves until a signal asks for the end, or the store is gone. */
export async function runServe(
  flags: ServeFlags,
  factory: Factory,
  ready: ReadyFile | undefined,
): Promise<void> {
  const config = await factory.config()
  if ('server' in config && config.server !== undefined) {
    throw new Error(
      'serve needs a store on this machine, and flags, environment or context name an API server in its place',
    )
  }
  const address = await resolveListenAddress(flags.host ?? flags.bindAddress ?? '127.0.0.1', {
    loopbackOnly: flags.insecureHttp === true,
  })
  if (flags.writeKubeconfig !== undefined) requireParentDirectory(resolve(flags.writeKubeconfig))
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
  try {
    return await openStorage({ type: storage, path }, { lmdb: () => import('@k1s/storage-lmdb') })
  } catch (error) {
    throw openingError(error)
  }
}

async function serveStore(setting: Setting): Promise<void> {
  const { flags, factory, config, address, ready, storage, files } = setting
  const log = new ServerLog(factory.streams)
  const identity = await loadIdentity(flags, address, files)
  const server = await listen(setting, identity, log)
  const stop = setupSignalHandler(['SIGINT', 'SIGTERM', 'SIGHUP'])
  const serving = new AbortController()
  try {
    const url = `${identity.certificate === undefined ? 'http' : 'https'}://${address.urlHost}:${server.port}`
    const kubeconfig = await writeServerKubeconfig({
      url,
      port: server.port,
      flags,
      address,
      identity,
      files,
    })
    log.print(introduction(url, kubeconfig, { config, identity }))
    ready?.write(url)
    if (identity.certificate?.reload !== undefined) {
      keepCertificate(server, identity.certificate.serving, identity.certificate.reload, {
        signal: serving.signal,
        onError: (error) => log.reportError(error),
      })
    }
    const signal = await Promise.race([
      stopped(stop),
      failure(storeLoss(storage, config.tenant, serving.signal)),
    ])
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
  const { transport } = await createRuntime({ storage, tenant: config.tenant }).catch((error: unknown) => {
    throw openingError(error)
  })
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

async function stopped(stop: AbortSignal): Promise<StoppedBySignal['signal']> {
  if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve))
  return (stop.reason as StoppedBySignal).signal
}

async function failure(reason: Promise<Error | undefined>): Promise<never> {
  const error = await reason
  if (error !== undefined) throw error
  return new Promise(() => undefined)
}
