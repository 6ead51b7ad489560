import type { HealthCheck } from './health-check.ts'

/** Fails once the server has begun to shut down, so that no new clients are sent to it. */
export function shutdownCheck(isShuttingDown: () => boolean): HealthCheck {
  return {
    name: 'shutdown',
    async check() {
      if (isShuttingDown()) throw new Error('process is shutting down')
    },
  }
}
