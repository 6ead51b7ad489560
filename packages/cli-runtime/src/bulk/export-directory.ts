import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { encodeJson } from '@k1s/apimachinery'
import { encodeYaml } from '@k1s/apimachinery/yaml'
import type { ExportedObject } from './export-objects.ts'
import { exportFolders, type FileFormat, objectFile } from './object-file.ts'

/** What the folder is called in which an export is made, until it is complete. */
export const stagingPrefix = '.k1s-export-'

export interface ExportDirectoryOptions {
  /** Default: `yaml`. */
  readonly format?: FileFormat
  /** Replace the export that is in the directory. */
  readonly overwrite?: boolean
  /** When it aborts, what was written is removed at once, before other listeners end the process. */
  readonly signal?: AbortSignal
}

/** How many files are written before signals of the system are heard, which a store on this machine gives no time for. */
const filesAtOnce = 100

/**
 * Writes one file for each object, see {@link objectFile}. Files are readable by their owner alone, since there may be
 * Secrets among them. The directory gets them when all are written: an export that fails or
 * is aborted leaves it as it was.
 *
 * Throws an Error if it is a file, or if something is in the directory and is not to be overwritten; the reason of the
 * signal when that aborts.
 */
export async function writeExportDirectory(
  directory: string,
  objects: AsyncIterable<ExportedObject>,
  { format = 'yaml', overwrite = false, signal }: ExportDirectoryOptions = {},
): Promise<void> {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new Error(
      `${JSON.stringify(directory)} is a file: an export is written into a directory, or to standard output`,
    )
  }
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  requireRoom(directory, overwrite)
  const staging = mkdtempSync(join(directory, stagingPrefix))
  const removeStaging = () => rmSync(staging, { recursive: true, force: true })
  signal?.addEventListener('abort', removeStaging)
  try {
    const folders = new Set<string>()
    let count = 0
    for await (const { resource, object } of objects) {
      if (++count % filesAtOnce === 0) await new Promise(setImmediate)
      signal?.throwIfAborted()
      const path = join(staging, objectFile(resource, object, format))
      const folder = dirname(path)
      if (!folders.has(folder)) {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        folders.add(folder)
      }
      const text = format === 'yaml' ? encodeYaml(object) : encodeJson(object)
      try {
        writeFileSync(path, text, { mode: 0o600, flag: 'wx' })
      } catch (error) {
        throw new Error(`cannot write ${directory}: ${(error as Error).message}`, { cause: error })
      }
    }
    signal?.throwIfAborted()
    putInPlace(staging, directory)
  } finally {
    signal?.removeEventListener('abort', removeStaging)
    removeStaging()
  }
}

/** Only what an export has written is ever replaced; other files in the directory stay, such as those of git. */
function requireRoom(directory: string, overwrite: boolean): void {
  const names = readdirSync(directory).filter((name) => !name.startsWith('.'))
  if (names.length === 0) return
  const foreign = names.filter((name) => !exportFolders.some((folder) => folder === name))
  if (overwrite && (foreign.length === 0 || foreign.length < names.length)) return
  const problem = `the directory ${JSON.stringify(directory)} is not empty`
  if (foreign.length === names.length) throw new Error(`${problem}, and what is in it is no export`)
  throw new Error(`${problem}: use --overwrite to replace the export in it`)
}

function putInPlace(staging: string, directory: string): void {
  for (const folder of exportFolders) {
    const path = join(directory, folder)
    // Renamed first, so that the directory is without its export for a moment only.
    if (existsSync(path)) renameSync(path, join(staging, `replaced-${folder}`))
    const written = join(staging, folder)
    if (existsSync(written)) renameSync(written, path)
  }
}
