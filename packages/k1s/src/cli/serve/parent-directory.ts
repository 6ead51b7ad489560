import { statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/**
 * Throws an Error unless the directory of a file is there. A path with a typing error in it must not become one with
 * directories. Only kubectl's own, `~/.kube`, is made with its first file.
 */
export function requireParentDirectory(file: string): void {
  const directory = dirname(file)
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return
  if (directory === join(homedir(), '.kube')) return
  throw new Error(`cannot write ${file}: there is no directory ${directory}`)
}
