import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs'

const width = 16

/** Names the process that last held the write lock, for the message of one that waited in vain. */
export class WriterFile {
  readonly #file: string
  readonly #text = Buffer.from(`${process.pid}\n`.padEnd(width))
  #descriptor: number | undefined

  constructor(directory: string) {
    this.#file = `${directory}/writer`
  }

  write(): void {
    this.#descriptor ??= openSync(this.#file, constants.O_WRONLY | constants.O_CREAT, 0o600)
    writeSync(this.#descriptor, this.#text, 0, width, 0)
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }
}

/** The id of that process, if it is known and not this one. */
export function readWriter(directory: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(`${directory}/writer`, 'latin1'), 10)
    return Number.isSafeInteger(pid) && pid !== process.pid ? pid : undefined
  } catch {
    // Only the message gets poorer by it.
    return undefined
  }
}
