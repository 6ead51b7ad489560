import type { IncomingMessage } from 'node:http'

/** `healthz.Checker`: throws, or rejects, if something is wrong. */
export type HealthCheck = (request: IncomingMessage) => void | Promise<void>
