import type { KubernetesObject } from '@k1s/apimachinery'
import type { KindDefinition } from '@k1s/core'
import type { Duration } from '../duration.ts'
import type { AfterWriteControllers } from '../hook/after-write.ts'
import type { Manager, ManagerOptions } from '../manager/manager.ts'
import type { AfterWriteCommand } from './after-write-command.ts'
import { type ProjectConfig, projectConfig } from './project-config.ts'
import { wrongOption } from './wrong-option.ts'

/** What a project says in its `k1s.config.ts`. */
export interface ConfigOptions {
  /**
   * Kinds that are served while the controllers run on a store, beside those of its CustomResourceDefinitions. Other commands do not
   * know them before `k1s controller crds | k1s apply -f -`.
   */
  readonly kinds?: readonly KindDefinition<KubernetesObject>[]
  /** Adds the project's controllers. It is called once in a process, and only if they are to run or be listed. */
  controllers(manager: Manager): Promise<void> | void
  readonly manager?: ManagerOptions
  /** Which controllers run after commands that write. Default: none. */
  readonly afterWrite?: AfterWriteConfig
}

/** What happens after a command of the command line that has written something. */
export interface AfterWriteConfig {
  /** Names of commands. Default: all of them. */
  readonly commands?: readonly AfterWriteCommand[]
  /**
   * Resources whose writes are of interest, such as `items.inventory.example.com` or `configmaps`. After writes of others, the
   * project is loaded and its controllers are not. Default: all.
   */
  readonly resources?: readonly string[]
  /** Default: `changed`. */
  readonly controllers?: AfterWriteControllers
  /** How long the controllers may take. Default: 10 s. */
  readonly deadline?: Duration
}

/**
 * Declares the controllers of a project, for `k1s controller run` and for after-write hooks: the default export of
 * `k1s.config.ts`. What `controllers` imports by itself is loaded when it is needed. Throws a TypeError that
 * names the option that is wrong.
 *
 * ```ts
 * export default defineConfig({
 *   async controllers(manager) {
 *     const { addCategoryController } = await import('./src/category-controller.ts')
 *     addCategoryController(manager)
 *   },
 *   afterWrite: { commands: ['apply', 'delete'], deadline: '10s' },
 * })
 * ```
 */
export function defineConfig(options: ConfigOptions): ProjectConfig {
  const wrong = wrongOption(options ?? {})
  if (wrong !== undefined) {
    const error = new TypeError(`defineConfig: ${wrong}`)
    // The mistake is where it was called.
    Error.captureStackTrace(error, defineConfig)
    throw error
  }
  return projectConfig(options)
}
