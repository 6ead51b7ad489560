import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isStatusError, type Status } from '@k1s/apimachinery'
import { type ApiRequest, type ApiResponse, type Client, createRuntime, type Runtime } from '@k1s/core'
import { afterEach, beforeEach, describe } from 'vitest'

/** What a test works with: a fresh store for each. */
export interface Opened {
  readonly runtime: Runtime
  readonly client: Client
  /** The directory of a store on disk. */
  readonly path: string
  request(request: RequestLike): Promise<ApiResponse>
}

export type RequestLike = Partial<ApiRequest> & Pick<ApiRequest, 'verb' | 'resource'>

/** A whole request: of the core group, version v1, by an administrator of tenant `default`. */
export function apiRequest(request: RequestLike): ApiRequest {
  return { tenant: 'default', user: { name: 'test' }, group: '', version: 'v1', options: {}, ...request }
}

/** Defines the same tests on every embedded store. */
export function onEachStore(define: (opened: Opened) => void): void {
  describe.each(['memory', 'lmdb'])('on %s', (type) => {
    let runtime: Runtime
    let path = ''
    beforeEach(async () => {
      if (type !== 'memory') path = mkdtempSync(`${tmpdir()}/k1s-core-`)
      runtime = await createRuntime({
        storage: { type, durability: 'relaxed', ...(path !== '' && { path }) },
      })
    })
    afterEach(async () => {
      await runtime.close()
      if (path !== '') rmSync(path, { recursive: true })
    })
    define({
      get runtime() {
        return runtime
      },
      get client() {
        return runtime.client
      },
      get path() {
        return path
      },
      request: (request) => runtime.transport.request(apiRequest(request)),
    })
  })
}

/** The Status that a promise fails with. */
export async function failure(promise: Promise<unknown>): Promise<Status> {
  let value: unknown
  try {
    value = await promise
  } catch (error) {
    if (isStatusError(error)) return error.status
    throw error
  }
  throw new Error(`expected a StatusError, got ${JSON.stringify(value)?.slice(0, 300)}`)
}
