// The entry of the bundle. Everything that a command does not need in order to start is imported when it is needed:
// the whole of `k1s get` may take no more than a third longer than `node -e 0`.
import { runCommandLine } from './command-line.ts'

export { runCommandLine }

/** Runs one command line as this process. */
export async function main(argv: readonly string[]): Promise<void> {
  // A signal ends the command at once and quietly: the store is safe against a crash at any instant.
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
  // Output is written and the store is closed by now. Leaving at once spares Node the teardown of its heap.
  process.exit(await runCommandLine(argv))
}
