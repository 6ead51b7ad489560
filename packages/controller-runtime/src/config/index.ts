export type { HolderProcess } from '../leader-election/holder-process.ts'
export type { AfterWriteCommand } from './after-write-command.ts'
export type { ControllerStatus } from './controller-status.ts'
export { type AfterWriteConfig, type ConfigOptions, defineConfig } from './define-config.ts'
export type {
  AfterWriteRun,
  ProjectAPI,
  ProjectConfig,
  ProjectManagerOptions,
} from './project-config.ts'
