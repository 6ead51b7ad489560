import { Exposition } from '@k1s/core/metrics'
import type { StorageInterface } from '@k1s/storage'
import { versionInfo } from '../endpoints/version.ts'
import { InFlight } from './in-flight.ts'
import { ProcessMetrics } from './process-metrics.ts'
import { RequestMetrics } from './request-metrics.ts'
import { writeStorageMetrics } from './storage-metrics.ts'
import { WatchMetrics } from './watch-metrics.ts'

/** Tenants whose objects are counted. */
const maxTenants = 100

/** All that `/metrics` tells. */
export class ServerMetrics {
  readonly requests = new RequestMetrics()
  readonly watches = new WatchMetrics()
  readonly reads = new InFlight()
  readonly writes = new InFlight()
  readonly #process = new ProcessMetrics()
  readonly #storage: StorageInterface | undefined
  readonly #tenants = new Set<string>()
  #tlsHandshakeErrors = 0
  #aborts = 0

  constructor(storage: StorageInterface | undefined) {
    this.#storage = storage
  }

  /** A request for a resource of the tenant was answered with success. */
  tenantServed(tenant: string): void {
    if (this.#tenants.size < maxTenants) this.#tenants.add(tenant)
  }

  /** A connection ended before it was secured. */
  tlsHandshakeFailed(): void {
    this.#tlsHandshakeErrors++
  }

  /** A client went away before its answer. */
  requestAborted(): void {
    this.#aborts++
  }

  async text(): Promise<string> {
    const exposition = new Exposition()
    const now = performance.now()
    this.requests.write(exposition)
    this.watches.write(exposition)
    exposition.family(
      'apiserver_current_inflight_requests',
      'gauge',
      'The most requests that were answered at the same time in the last second, by kind of request.',
    )
    exposition.sample({ request_kind: 'mutating' }, this.writes.most(now))
    exposition.sample({ request_kind: 'readOnly' }, this.reads.most(now))
    exposition.single(
      'apiserver_request_aborts_total',
      'counter',
      'Requests whose client did not wait for the answer.',
      this.#aborts,
    )
    exposition.single(
      'apiserver_tls_handshake_errors_total',
      'counter',
      'Connections that ended before they were secured.',
      this.#tlsHandshakeErrors,
    )
    if (this.#storage !== undefined) await this.#writeStorage(exposition, this.#storage)
    await this.#process.write(exposition)
    writeBuildInfo(exposition)
    return exposition.toString()
  }

  async #writeStorage(exposition: Exposition, storage: StorageInterface): Promise<void> {
    const resourcesOf = new Map<string, readonly string[]>()
    for (const tenant of this.#tenants) {
      const resources = await storage.resources(tenant)
      // Anybody may ask for tenants that nobody has.
      if (resources.length === 0) this.#tenants.delete(tenant)
      else resourcesOf.set(tenant, resources)
    }
    await writeStorageMetrics(exposition, storage, resourcesOf)
  }

  close(): void {
    this.#process.close()
  }
}

function writeBuildInfo(exposition: Exposition): void {
  const { major, minor, gitVersion, gitCommit, gitTreeState, buildDate, goVersion, compiler, platform } =
    versionInfo()
  exposition.family('kubernetes_build_info', 'gauge', 'Always 1; the labels tell what is running.')
  exposition.sample(
    {
      major,
      minor,
      git_version: gitVersion,
      git_commit: gitCommit,
      git_tree_state: gitTreeState,
      build_date: buildDate,
      go_version: goVersion,
      compiler,
      platform,
    },
    1,
  )
}
