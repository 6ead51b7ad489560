// The entry of the bundle. Everything that a command does not need in order to start is imported when it is needed:
// the whole of `k1s get` may take no more than a third longer than `node -e 0`.
import { runCommandLine } from './command-line.ts'

export { runCommandLine }

/** Runs one command line as this process. */
export async function main(argv: readonly string[]): Promise<void> {
  // Output is written and the store is closed by now. Leaving at once spares Node the teardown of its heap.
  process.exit(await runCommandLine(argv))
}
