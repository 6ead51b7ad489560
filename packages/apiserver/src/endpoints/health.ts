import { quote } from '@k1s/apimachinery'
import type { Exchange, HttpHandler } from '../exchange.ts'
import type { HealthCheck } from '../health/health-check.ts'
import { type CheckResult, runChecks } from '../health/run-checks.ts'
import { requireReading } from './method.ts'
import { writeText } from './text.ts'
import { unknownPath } from './unknown-path.ts'

/** `/healthz`, the older name of `/livez`, and what each of them checks. */
export interface HealthEndpoints {
  readonly healthz: readonly HealthCheck[]
  readonly livez: readonly HealthCheck[]
  readonly readyz: readonly HealthCheck[]
}

/**
 * What anybody may read, as `system:public-info-viewer` in Kubernetes. Single checks are not among them, since they tell
 * what is wrong.
 */
export function isPublicHealthPath(path: string): boolean {
  return path === '/healthz' || path === '/livez' || path === '/readyz'
}

/** Whether a path is below `/healthz`, `/livez` or `/readyz`, or one of these. */
export function isHealthPath(path: string): boolean {
  return /^\/(healthz|livez|readyz)(\/|$)/.test(path)
}

/** The paths under which checks answer, for the index. */
export function healthPaths(endpoints: HealthEndpoints): string[] {
  return Object.entries(endpoints).flatMap(([name, checks]: [string, readonly HealthCheck[]]) => [
    `/${name}`,
    ...checks.map((check) => `/${name}/${check.name}`),
  ])
}

/**
 * Answers `/livez` and its like with `ok`, or with the result of each check if one failed or `?verbose` is set, and
 * `/livez/{check}` for one of them: `k8s.io/apiserver/pkg/server/healthz`. `onFailure` takes what a client is not told.
 */
export function healthEndpoint(endpoints: HealthEndpoints, onFailure: (error: unknown) => void): HttpHandler {
  return async (exchange) => {
    requireReading(exchange)
    const [, name = '', checkName, ...more] = exchange.path.split('/')
    const checks = endpoints[name as keyof HealthEndpoints]
    if (checkName === undefined) return writeHealth(exchange, name, checks, onFailure)
    const check = checks.find((candidate) => candidate.name === checkName)
    if (check === undefined || more.length > 0) throw unknownPath()
    return writeCheck(exchange, check)
  }
}

async function writeHealth(
  exchange: Exchange,
  name: string,
  checks: readonly HealthCheck[],
  onFailure: (error: unknown) => void,
): Promise<void> {
  const { query } = exchange
  const excluded = new Set(query.getAll('exclude'))
  const results = await runChecks(checks.filter((check) => !excluded.has(check.name)))
  const lines = checks.map((check) => lineOf(check, results))
  for (const check of checks) excluded.delete(check.name)
  if (excluded.size > 0) {
    const unknown = [...excluded].sort().map(quote).join(',')
    lines.push(`warn: some health checks cannot be excluded: no matches for ${unknown}\n`)
  }
  const failed = results.filter(({ error }) => error !== undefined)
  if (failed.length > 0) {
    const reasons = failed.map((result) => `${result.name} failed: ${messageOf(result.error)}`)
    onFailure(new Error(`${name} check failed: ${reasons.join(', ')}`))
    return writeText(exchange, 500, `${lines.join('')}${name} check failed\n`)
  }
  return writeText(exchange, 200, query.has('verbose') ? `${lines.join('')}${name} check passed\n` : 'ok')
}

function lineOf({ name }: HealthCheck, results: readonly CheckResult[]): string {
  const result = results.find((candidate) => candidate.name === name)
  if (result === undefined) return `[+]${name} excluded: ok\n`
  return result.error === undefined ? `[+]${name} ok\n` : `[-]${name} failed: reason withheld\n`
}

async function writeCheck(exchange: Exchange, check: HealthCheck): Promise<void> {
  const [{ error } = {}] = await runChecks([check])
  if (error === undefined) return writeText(exchange, 200, 'ok')
  return writeText(exchange, 500, `internal server error: ${messageOf(error)}\n`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
