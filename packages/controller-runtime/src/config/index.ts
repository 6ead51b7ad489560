export type { AfterWriteCommand } from './after-write-command.ts'
export type { ControllerStatus, HolderProcess } from './controller-status.ts'
export { type AfterWriteConfig, type ConfigOptions, defineConfig } from './define-config.ts'
export type {
  AfterWriteRun,
  ProjectAPI,
  ProjectConfig,
  ProjectManagerOptions,
} from './project-config.ts'
