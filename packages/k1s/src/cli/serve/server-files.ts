import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ResolvedConfig } from '@k1s/cli-runtime'

/** Where a server keeps its certificates, its token and its kubeconfig. */
export interface ServerFiles {
  readonly directory: string
  /** The store is gone with the process, and so are the files. */
  readonly isTransient: boolean
  remove(): void
}

/** Beside a store that stays; in a directory of its own, until `remove`, for one that does not. */
export function serverFiles({ storage, path }: ResolvedConfig): ServerFiles {
  if (storage !== 'memory') {
    return { directory: join(path, 'apiserver'), isTransient: false, remove: () => undefined }
  }
  const directory = mkdtempSync(join(tmpdir(), 'k1s-serve-'))
  return {
    directory,
    isTransient: true,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}
