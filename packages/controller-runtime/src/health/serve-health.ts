import type { IncomingMessage, ServerResponse } from 'node:http'
import { quote } from '@k1s/apimachinery'
import type { Logger } from '../log/logger.ts'
import { answerNotFound, answerText } from '../manager/answer-text.ts'
import { serveOn, urlOf } from '../manager/bind-address.ts'
import { messageOf } from '../printable-error.ts'
import type { HealthCheck } from './health-check.ts'

export interface HealthChecks {
  readonly healthz: ReadonlyMap<string, HealthCheck>
  readonly readyz: ReadonlyMap<string, HealthCheck>
}

/**
 * Serves `/healthz` and `/readyz` if they have checks, each by its name below them, `?verbose` and `?exclude=NAME`:
 * `sigs.k8s.io/controller-runtime/pkg/healthz`. Why one of several checks failed is only logged, since anybody may ask.
 */
export function serveHealth(address: string, checks: HealthChecks, logger: Logger) {
  return serveOn(address, (request, response) => {
    void answer(checks, request, response, logger)
  })
}

async function answer(
  all: HealthChecks,
  request: IncomingMessage,
  response: ServerResponse,
  logger: Logger,
): Promise<void> {
  const { pathname, searchParams } = urlOf(request)
  const [, endpoint, ...segments] = segmentsOf(pathname)
  const checks = endpoint === 'healthz' ? all.healthz : endpoint === 'readyz' ? all.readyz : undefined
  if (checks === undefined || checks.size === 0) return answerNotFound(response)
  const name = segments.filter(Boolean).join('/')
  if (name === '') return aggregated(checks, searchParams, request, response, logger)
  const check = checks.get(name)
  if (check === undefined) return answerNotFound(response)
  const failure = await run(check, request)
  if (failure === undefined) answerText(response, 200, 'ok')
  else answerText(response, 500, `internal server error: ${messageOf(failure.error)}\n`)
}

/** Of the decoded path, as Go has it: a slash in the name of a check may be escaped, and several are one. */
function segmentsOf(pathname: string): string[] {
  try {
    return decodeURIComponent(pathname).split('/')
  } catch {
    // What cannot be decoded is the name of nothing.
    return []
  }
}

async function aggregated(
  checks: ReadonlyMap<string, HealthCheck>,
  parameters: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
  logger: Logger,
): Promise<void> {
  const excluded = new Set(parameters.getAll('exclude'))
  const names = [...checks.keys()].sort()
  const results = await Promise.all(
    names.map(async (name) => {
      if (excluded.delete(name)) return { line: `[+]${name} excluded: ok`, failed: false }
      const failure = await run(checks.get(name)!, request)
      if (failure === undefined) return { line: `[+]${name} ok`, failed: false }
      logger.debug('healthz check failed', { checker: name, error: messageOf(failure.error) })
      return { line: `[-]${name} failed: reason withheld`, failed: true }
    }),
  )
  const failed = results.some((result) => result.failed)
  if (!failed && !parameters.has('verbose')) return answerText(response, 200, 'ok')
  const lines = results.map(({ line }) => line)
  if (failed) logger.info('healthz check failed', { statuses: [...lines] })
  if (excluded.size > 0) {
    const unknown = [...excluded].map(quote).join(',')
    lines.push(`warn: some health checks cannot be excluded: no matches for ${unknown}`)
  }
  lines.push(failed ? 'healthz check failed' : 'healthz check passed')
  answerText(response, failed ? 500 : 200, `${lines.join('\n')}\n`)
}

async function run(check: HealthCheck, request: IncomingMessage): Promise<{ error: unknown } | undefined> {
  try {
    await check(request)
    return undefined
  } catch (error) {
    return { error }
  }
}
