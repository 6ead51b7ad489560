/** Something without which the server is not healthy: `healthz.HealthChecker` of `k8s.io/apiserver`. */
export interface HealthCheck {
  /** As in `/livez/{name}`. */
  readonly name: string
  /** Rejects with what is wrong. Who does not answer until the signal is aborted has failed. */
  check(signal: AbortSignal): Promise<void>
}

/** That the server answers at all. */
export const pingCheck: HealthCheck = { name: 'ping', check: async () => {} }
