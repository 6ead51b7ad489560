import type { InformerCache } from '../cache/cache.ts'
import type { Controller } from '../controller/controller.ts'
import { startController } from '../controller/start-controller.ts'
import { isAutomatic } from '../trigger/trigger.ts'
import type { Runnable } from './manager.ts'
import type { ManagerParts, ManagerSurroundings } from './manager-parts.ts'
import type { RunningTasks } from './running-tasks.ts'

export interface PartStarterOptions extends Omit<ManagerSurroundings, 'cache'> {
  readonly tasks: RunningTasks
  readonly cache: InformerCache
  /** Aborted when what is under way is not to be waited for. */
  readonly hurry: AbortSignal
}

/**
 * Starts the controllers and runnables of a running manager: those that it has, and those that are added from then on. What needs
 * an election waits for it. Nothing is started any more once the tasks are to end.
 */
export class PartStarter {
  readonly #parts: ManagerParts
  readonly #options: PartStarterOptions
  #isElected = false

  /** Starts what needs no election. */
  constructor(parts: ManagerParts, options: PartStarterOptions) {
    this.#parts = parts
    this.#options = options
    this.#startThose(false)
  }

  /** To be called once the manager is elected: starts what needed that. */
  elected(): void {
    this.#startThose(true)
    // Only now: those that a runnable adds while it is being started are among those already.
    this.#isElected = true
  }

  /** To be called with a controller that is added to the manager. */
  addedController(controller: Controller): void {
    if (this.#isElected || !needsElection(controller.options)) this.#startController(controller)
  }

  /** To be called with a runnable that is added to the manager. */
  addedRunnable(runnable: Runnable): void {
    if (this.#isElected || !needsElection(runnable)) this.#startRunnable(runnable)
  }

  #startThose(needElection: boolean): void {
    for (const runnable of this.#parts.runnables) {
      if (needsElection(runnable) === needElection) this.#startRunnable(runnable)
    }
    for (const controller of this.#parts.controllers.values()) {
      if (needsElection(controller.options) === needElection) this.#startController(controller)
    }
  }

  #startRunnable(runnable: Runnable): void {
    const { tasks } = this.#options
    tasks.run(() => runnable.start(tasks.signal))
  }

  #startController(controller: Controller): void {
    const { tasks } = this.#options
    if (!isAutomatic(controller.triggers)) return
    tasks.run(() => startController(controller, { ...this.#options, signal: tasks.signal }))
  }
}

function needsElection({ needLeaderElection = true }: { readonly needLeaderElection?: boolean }): boolean {
  return needLeaderElection
}
