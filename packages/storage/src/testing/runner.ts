import type { StorageInterface } from '../interface.ts'

/** The part of a test runner that the suites need: Vitest, node:test, Mocha and Jest have it. */
export interface TestRunner {
  describe(name: string, body: () => void): void
  it(name: string, body: () => Promise<void> | void): void
}

/** A test of a store, which is new and empty, and closed after it. */
export type StoreTest = (title: string, body: (store: StorageInterface) => Promise<void>) => void

/** Waits until a condition holds. */
export async function eventually(condition: () => boolean | Promise<boolean>, timeout = 5000): Promise<void> {
  const end = Date.now() + timeout
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not within ${timeout} ms: ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
