import { readFileSync } from 'node:fs'

/** The bytes of a file. Throws an Error as Go words it: `open x: permission denied`. */
export function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reasons: { [code: string]: string } = {
      EACCES: `open ${path}: permission denied`,
      ENOENT: `open ${path}: no such file or directory`,
      EISDIR: `read ${path}: is a directory`,
    }
    throw new Error(reasons[code ?? ''] ?? message, { cause: error })
  }
}
