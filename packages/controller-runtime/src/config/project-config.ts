import type { KubernetesObject } from '@k1s/apimachinery'
import type { KindDefinition } from '@k1s/core'
import type { WrittenKind } from '../hook/after-write.ts'
import type { LoggerOptions } from '../log/json-logger.ts'
import type { ManagedAPI, Manager, ManagerOptions, RunProgress } from '../manager/manager.ts'
import type { RunReport } from '../trigger/run-report.ts'
import type { ControllerStatus } from './controller-status.ts'
import type { AfterWriteConfig, ConfigOptions } from './define-config.ts'

/** Tells also those of another copy of this package. */
const brand = Symbol.for('k1s.dev/ProjectConfig')

/** What runs a project's controllers on: a `Runtime`, a `Connection`, or a client alone. */
export interface ProjectAPI extends ManagedAPI {
  registerAPI?(...kinds: KindDefinition<KubernetesObject>[]): void
}

/** What whoever runs a project decides, where the project does not. */
export interface ProjectManagerOptions
  extends Pick<ManagerOptions, 'gracefulShutdownTimeout' | 'lifecycleLogLevel'> {
  /** Of the logger, if the project has none of its own. */
  readonly log?: LoggerOptions
}

/** How an after-write hook runs. `kinds` undefined: anything may have been written. */
export interface AfterWriteRun {
  readonly kinds?: readonly WrittenKind[]
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: RunProgress) => void
}

/**
 * The controllers of a project: what `defineConfig` makes. Whoever loads it may have another copy of this package, so
 * that all is done by these methods, on an API that is given.
 */
export interface ProjectConfig {
  readonly [brand]: true
  readonly afterWrite: AfterWriteConfig | undefined
  /** A manager with the project's controllers. Throws what the project's code throws. */
  createManager(api: ProjectAPI, options?: ProjectManagerOptions): Promise<Manager>
  /** What is known of the controllers of a manager that was made by this project. */
  controllerStatuses(manager: Manager): Promise<ControllerStatus[]>
  /** Forgets what a controller has seen, and what is pending. Throws an Error if it is running. */
  resetController(manager: Manager, name: string): Promise<void>
  /** Runs the controllers that a write concerns, as `afterWrite` says. */
  runAfterWrite(manager: Manager, run: AfterWriteRun): Promise<RunReport>
}

/** Nothing is loaded before a method is called: the command line asks whether there is a hook after each write. */
export function projectConfig(options: ConfigOptions): ProjectConfig {
  const { kinds = [], manager: managerOptions = {}, afterWrite: hook } = options
  const { stateNamespace } = managerOptions
  return Object.freeze({
    [brand]: true as const,
    afterWrite: hook,
    async createManager(api: ProjectAPI, { log, ...wanted }: ProjectManagerOptions = {}) {
      // What the project's controllers import as well.
      const { newLogger, newManager } = await import('../index.ts')
      if (kinds.length > 0) api.registerAPI?.(...kinds)
      const { logger = newLogger({ ...(api.clock !== undefined && { clock: api.clock }), ...log }) } =
        managerOptions
      const manager = newManager(api, { ...wanted, ...managerOptions, logger })
      await options.controllers(manager)
      return manager
    },
    async controllerStatuses(manager: Manager) {
      const { controllerStatuses } = await import('./controller-status.ts')
      return controllerStatuses(manager, stateNamespace)
    },
    async resetController(manager: Manager, name: string) {
      const { resetController } = await import('./reset-controller.ts')
      return resetController(manager, name, stateNamespace)
    },
    async runAfterWrite(manager: Manager, run: AfterWriteRun) {
      const { afterWrite } = await import('../index.ts')
      const { controllers, deadline } = hook ?? {}
      return afterWrite(manager, {
        ...run,
        ...(controllers !== undefined && { controllers }),
        ...(deadline !== undefined && { deadline }),
      })
    },
  })
}
