import type { Factory } from '@k1s/cli-runtime'
import type { Manager } from '@k1s/controller-runtime'
import type { ProjectConfig, ProjectManagerOptions } from '@k1s/controller-runtime/config'
import { loadProjectConfig } from './load-project-config.ts'
import { ProjectConfigError, projectConfigError } from './project-config-error.ts'
import { unknownController } from './unknown-controller.ts'
import { unwatchedResources } from './unwatched-resources.ts'

/** A project with its controllers, on the store or server of a command. */
export interface Project {
  readonly file: string
  readonly config: ProjectConfig
  readonly manager: Manager
}

export async function openProject(
  file: string,
  factory: Factory,
  options?: ProjectManagerOptions,
): Promise<Project> {
  const config = await loadProjectConfig(file)
  const manager = await createProjectManager(config, { file, factory, options })
  return { file, config, manager }
}

interface ProjectSurroundings {
  readonly file: string
  readonly factory: Factory
  readonly options?: ProjectManagerOptions | undefined
}

/** The manager is made by the project's copy of controller-runtime; the store is open here, and can be only once. */
export async function createProjectManager(
  config: ProjectConfig,
  { file, factory, options }: ProjectSurroundings,
): Promise<Manager> {
  const runtime = await factory.runtime()
  // Commands that reconcilers start leave the controllers to this process.
  process.env.K1S_RUN_CONTROLLERS = 'false'
  let manager: Manager
  try {
    manager = await config.createManager(runtime, options)
  } catch (error) {
    throw projectConfigError(error, file)
  }
  const mistake = unknownController(config, manager)
  if (mistake !== undefined) throw new ProjectConfigError(`${file}: ${mistake}`)
  for (const problem of unwatchedResources(config, manager)) {
    factory.streams.err.write(`warning: ${file}: ${problem}\n`)
  }
  return manager
}
