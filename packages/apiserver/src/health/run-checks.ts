import type { HealthCheck } from './health-check.ts'

/** As long as Kubernetes waits for etcd, in milliseconds. */
const checkTimeout = 2000

export interface CheckResult {
  readonly name: string
  /** What is wrong, if anything is. */
  readonly error?: unknown
}

/** The results of all checks, which run at the same time, in their order. */
export function runChecks(
  checks: readonly HealthCheck[],
  timeoutMs: number = checkTimeout,
): Promise<CheckResult[]> {
  return Promise.all(checks.map((check) => runCheck(check, timeoutMs)))
}

async function runCheck(check: HealthCheck, timeoutMs: number): Promise<CheckResult> {
  const { name } = check
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`no answer within ${timeoutMs} ms`)
      controller.abort(error)
      reject(error)
    }, timeoutMs)
  })
  try {
    await Promise.race([check.check(controller.signal), timeout])
    return { name }
  } catch (error) {
    return { name, error }
  } finally {
    clearTimeout(timer)
  }
}
