import type { ManagerParts, ManagerSurroundings } from './manager-parts.ts'

/** Servers of a running manager. */
export interface Endpoints {
  close(): Promise<void>
}

/** Serves metrics and health where the options say so. Nothing is loaded if they do not. */
export async function serveEndpoints(
  parts: ManagerParts,
  { options, metrics, logger }: ManagerSurroundings,
): Promise<Endpoints> {
  const { metricsBindAddress, healthProbeBindAddress } = options
  const servers: Endpoints[] = []
  try {
    if (isServed(metricsBindAddress)) {
      const { serveMetrics } = await import('../metrics/serve-metrics.ts')
      const server = await serveMetrics(metricsBindAddress, metrics)
      servers.push(server)
      logger.info('Serving metrics server', { bindAddress: server.address })
    }
    if (isServed(healthProbeBindAddress)) {
      const { serveHealth } = await import('../health/serve-health.ts')
      const server = await serveHealth(healthProbeBindAddress, parts, logger)
      servers.push(server)
      logger.info('starting server', { name: 'health probe', addr: server.address })
    }
  } catch (error) {
    await Promise.all(servers.map((server) => server.close()))
    throw error
  }
  return {
    async close() {
      await Promise.all(servers.map((server) => server.close()))
    },
  }
}

/** What flags of operators pass on when nothing is to be served: `BindAddress` of `pkg/metrics/server`. */
function isServed(address: string | undefined): address is string {
  return address !== undefined && address !== '' && address !== '0'
}
