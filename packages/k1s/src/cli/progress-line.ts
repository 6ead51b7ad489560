import type { OutputStream } from '@k1s/cli-runtime'

/** How often a bar is drawn anew, and how often a line is printed where there is no terminal, in milliseconds. */
const redrawInterval = 100
const lineInterval = 10_000
/** Of terminals that do not say how wide they are. */
const usualWidth = 80

export interface Progress {
  readonly done: number
  /** Undefined if nobody knows. */
  readonly total: number | undefined
  /** What is at work: `items.inventory.k1s.dev`. */
  readonly label: string
}

/**
 * Says how far a long command is: on a terminal a bar that is drawn over itself, elsewhere a line every ten seconds, so
 * that short commands print none.
 */
export class ProgressLine {
  readonly #err: OutputStream
  readonly #verb: string
  readonly #quiet: boolean
  #last = Date.now()
  #isDrawn = false

  /** `verb` says what is done to objects: `imported`. */
  constructor(err: OutputStream, verb: string, quiet: boolean) {
    this.#err = err
    this.#verb = verb
    this.#quiet = quiet
  }

  show({ done, total, label }: Progress): void {
    if (this.#quiet) return
    const now = Date.now()
    if (now - this.#last < (this.#err.isTTY ? redrawInterval : lineInterval)) return
    this.#last = now
    if (!this.#err.isTTY) {
      this.#err.write(
        `${this.#verb} ${count(done)}${total === undefined ? '' : ` of ${count(total)}`} objects\n`,
      )
      return
    }
    this.#err.write(`\r\u001b[K${this.#barOf({ done, total, label })}`)
    this.#isDrawn = true
  }

  /** Makes room for other lines. */
  clear(): void {
    if (!this.#isDrawn) return
    this.#err.write('\r\u001b[K')
    this.#isDrawn = false
  }

  #barOf({ done, total, label }: Progress): string {
    const figures =
      total === undefined
        ? count(done)
        : `${String(Math.floor((done / Math.max(total, 1)) * 100)).padStart(3)}% ${count(done)}/${count(total)}`
    const room = (this.#err.width || usualWidth) - 1
    const width = Math.min(40, room - figures.length - label.length - 4)
    if (total === undefined || width < 10) return `${figures} ${label}`.slice(0, room)
    const filled = Math.floor((Math.min(done, total) / Math.max(total, 1)) * width)
    return `[${'#'.repeat(filled)}${' '.repeat(width - filled)}] ${figures} ${label}`
  }
}

/** `12,345` */
function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',')
}
