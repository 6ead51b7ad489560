export type { ControllerStatus } from './controller-status.ts'
export { type AfterWriteConfig, type ConfigOptions, defineConfig } from './define-config.ts'
export {
  type AfterWriteRun,
  isProjectConfig,
  type ProjectAPI,
  type ProjectConfig,
  type ProjectManagerOptions,
} from './project-config.ts'
