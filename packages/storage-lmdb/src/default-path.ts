import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * Where a store is unless somebody says otherwise: `$K1S_DATA_DIR`, else `k1s` in the place of the XDG Base Directory
 * Specification for data, which ignores relative paths.
 */
export function defaultPath(env: { readonly [name: string]: string | undefined } = process.env): string {
  const { K1S_DATA_DIR, XDG_DATA_HOME = '', HOME } = env
  if (K1S_DATA_DIR !== undefined && K1S_DATA_DIR !== '') return K1S_DATA_DIR
  return join(isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : join(HOME || homedir(), '.local/share'), 'k1s')
}
