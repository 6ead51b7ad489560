import type { ProjectConfig } from '@k1s/controller-runtime/config'
import { importDefault } from './import-module.ts'
import { ProjectConfigError, projectConfigError } from './project-config-error.ts'

/**
 * Loads what a project says of its controllers. Throws a ProjectConfigError. A module that ends the process, or waits for what never
 * comes, is told of on standard error.
 */
export async function loadProjectConfig(file: string): Promise<ProjectConfig> {
  let exported: unknown
  const onExit = () => {
    process.stderr.write(`error: ${file}: the process ended while it was being loaded\n`)
    process.exitCode ||= 1
  }
  process.once('exit', onExit)
  try {
    exported = await importDefault(file)
  } catch (error) {
    throw projectConfigError(error, file)
  } finally {
    process.removeListener('exit', onExit)
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
