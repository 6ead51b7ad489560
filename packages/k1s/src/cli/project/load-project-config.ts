import type { ProjectConfig } from '@k1s/controller-runtime/config'
import { importDefault } from './import-module.ts'
import { ProjectConfigError, projectConfigError } from './project-config-error.ts'

/** Loads what a project says of its controllers. Throws a ProjectConfigError. */
export async function loadProjectConfig(file: string): Promise<ProjectConfig> {
  let exported: unknown
  try {
    exported = await importDefault(file)
  } catch (error) {
    throw projectConfigError(error, file)
  }
  if (isProjectConfig(exported)) return exported
  throw new ProjectConfigError(
    `${file}: its default export is not what defineConfig() of @k1s/controller-runtime/config returns`,
  )
}

/** By the brand alone: the project has a copy of controller-runtime of its own. */
function isProjectConfig(value: unknown): value is ProjectConfig {
  return typeof value === 'object' && value !== null && Symbol.for('k1s.dev/ProjectConfig') in value
}
