import type { HealthCheck } from './health-check.ts'

/** Passes as long as the process answers: `healthz.Ping`. */
export const ping: HealthCheck = () => undefined
