import type { KubernetesObject } from '@k1s/apimachinery'
import type { KindDefinition } from '@k1s/core'
import type { WrittenKind } from '../hook/after-write.ts'
import type { LoggerOptions } from '../log/json-logger.ts'
import type { ManagedAPI, Manager, ManagerOptions, RunProgress } from '../manager/manager.ts'
import type { RunReport } from '../trigger/run-report.ts'
import type { ControllerStatus } from './controller-status.ts'
import type { AfterWriteConfig, ConfigOptions } from './define-config.ts'

/** Recognizes also a configuration that was made by another copy of this package. */
const brand = Symbol.for('k1s.dev/ProjectConfig')

/** What runs a project's controllers on: a `Runtime`, a `Connection`, or a client alone. */
export interface ProjectAPI extends ManagedAPI {
  registerAPI?(...kinds: KindDefinition<KubernetesObject>[]): void
}

/** Options of a manager that the program which runs a project sets. Those of the project come first. */
export interface ProjectManagerOptions
  extends Pick<ManagerOptions, 'gracefulShutdownTimeout' | 'lifecycleLogLevel'> {
  /** Options of the logger, if the project has none of its own. */
  readonly log?: LoggerOptions
}

/** How an after-write hook runs. */
export interface AfterWriteRun {
  /** What was written. Undefined if that is not known. */
  readonly kinds?: readonly WrittenKind[]
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: RunProgress) => void
}

/**
 * The controllers of a project: what `defineConfig` makes. A program that loads it may have another copy of this package than the
 * project. It therefore does everything by these methods, which use the copy of the project.
 */
export interface ProjectConfig {
  readonly [brand]: true
  readonly kinds: readonly KindDefinition<KubernetesObject>[]
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

/** Loads nothing before a method is called: after a write, the command line often asks only for `afterWrite`. */
export function projectConfig(options: ConfigOptions): ProjectConfig {
  const { kinds = [], manager: managerOptions = {}, afterWrite: hook } = options
  const { stateNamespace } = managerOptions
  return Object.freeze({
    [brand]: true as const,
    kinds,
    afterWrite: hook,
    async createManager(api: ProjectAPI, { log, ...wanted }: ProjectManagerOptions = {}) {
      // The same module that the project's controllers import.
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
