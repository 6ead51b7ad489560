import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ResolvedConfig } from '@k1s/cli-runtime'

/** Where a server keeps its certificates, its token and its kubeconfig. */
export interface ServerFiles {
  readonly directory: string
  /** The store is gone with the process, and so are the files. */
  readonly isTransient: boolean
  /** This file goes with the server, also where others stay. */
  removeAtEnd(file: string): void
  remove(): void
}

/** Beside a store that stays; in a directory of its own, until `remove`, for one that does not. */
export function serverFiles({ storage, path }: ResolvedConfig): ServerFiles {
  const isTransient = storage === 'memory'
  const directory = isTransient ? mkdtempSync(join(tmpdir(), 'k1s-serve-')) : join(path, 'apiserver')
  const passing = isTransient ? [directory] : []
  return {
    directory,
    isTransient,
    removeAtEnd: (file) => passing.push(file),
    remove: () => {
      for (const each of passing) rmSync(each, { recursive: true, force: true })
    },
  }
}
