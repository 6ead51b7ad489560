import type { OutputStream } from '@k1s/cli-runtime'
import type { RunProgress } from '@k1s/controller-runtime'
import { ProgressLine } from '../progress-line.ts'

/** How far the controllers of a run are, together. */
export class ReconcileProgress {
  readonly #line: ProgressLine
  readonly #controllers = new Map<string, RunProgress>()

  constructor(err: OutputStream) {
    this.#line = new ProgressLine(err, 'reconciled', false)
  }

  show(progress: RunProgress): void {
    this.#controllers.set(progress.controller, progress)
    let done = 0
    let queued = 0
    for (const controller of this.#controllers.values()) {
      done += controller.reconciles
      queued += controller.queued
    }
    this.#line.show({ done, total: done + queued, label: progress.controller })
  }

  /** Makes room for other lines. */
  clear(): void {
    this.#line.clear()
  }
}
