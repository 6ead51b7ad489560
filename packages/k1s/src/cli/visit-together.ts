import { BrokenPipeError, type Info } from '@k1s/cli-runtime'

/** How many requests are under way at once, so that they share commits. */
const width = 64

/** Prints what came of a visit. */
export type Report = () => void | Promise<void>

/**
 * Visits objects that do not depend on one another, some at a time. `visit` sends the request and returns what reports
 * it: reports come in the order of the objects, each as soon as all before it are done. The errors of visits and
 * reports are returned in that order too; only that nobody reads any more ends it at once.
 */
export async function visitTogether(
  infos: readonly Info[],
  visit: (info: Info) => Promise<Report>,
): Promise<unknown[]> {
  const errors: unknown[] = []
  const reports: (Report | undefined)[] = []
  let started = 0
  let reported = 0
  let reporting: Promise<void> | undefined
  let brokenPipe: BrokenPipeError | undefined

  const work = async () => {
    while (started < infos.length && brokenPipe === undefined) {
      const index = started++
      reports[index] = await visit(infos[index]!).catch((error: unknown) => () => {
        throw error
      })
      reporting ??= report().finally(() => {
        reporting = undefined
      })
    }
  }

  const report = async () => {
    for (let next = reports[reported]; next !== undefined; next = reports[reported]) {
      reports[reported++] = undefined
      try {
        await next()
      } catch (error) {
        if (!(error instanceof BrokenPipeError)) errors.push(error)
        else brokenPipe ??= error
      }
      if (brokenPipe !== undefined) return
    }
  }

  await Promise.all(Array.from({ length: Math.min(width, infos.length) }, work))
  await reporting
  await report()
  if (brokenPipe !== undefined) throw brokenPipe
  return errors
}
