import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { requireParentDirectory } from './parent-directory.ts'

/** A file that is there as long as requests are answered, and holds the URL: for scripts to wait for. */
export class ReadyFile {
  readonly #path: string
  #text: string | undefined

  /** Takes away the file of a server that was killed. Throws an Error if the file cannot be there. */
  constructor(path: string) {
    this.#path = path
    requireParentDirectory(path)
    this.#attempt(() => rmSync(path, { force: true }))
  }

  /** The file appears with all that it holds. */
  write(url: string): void {
    const text = `${url}\n`
    const temporary = `${this.#path}.${process.pid}.tmp`
    this.#attempt(() => {
      writeFileSync(temporary, text)
      renameSync(temporary, this.#path)
    })
    this.#text = text
  }

  /** Leaves the file of another server alone. */
  remove(): void {
    if (this.#text === undefined) return
    const expected = this.#text
    this.#text = undefined
    this.#attempt(() => {
      if (read(this.#path) === expected) rmSync(this.#path, { force: true })
    })
  }

  #attempt(action: () => void): void {
    try {
      action()
    } catch (error) {
      throw new Error(`the ready file ${this.#path} is in trouble: ${(error as Error).message}`, {
        cause: error,
      })
    }
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
