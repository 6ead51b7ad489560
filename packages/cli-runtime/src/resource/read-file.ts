import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { maxTextSize, readToEnd } from '../streams/read-to-end.ts'

/**
 * The bytes of a file, a pipe or a device, 512 MiB at most. Throws an Error as Go words it: `open x: permission denied`.
 */
export function readFile(path: string): Uint8Array {
  try {
    return readDescriptor(openSync(path, 'r'), path)
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

function readDescriptor(fd: number, path: string): Uint8Array {
  try {
    const stat = fstatSync(fd)
    if (stat.isFile() && stat.size <= maxTextSize) return readFileSync(fd)
    return readToEnd(path, (chunk) => readSync(fd, chunk))
  } finally {
    closeSync(fd)
  }
}
