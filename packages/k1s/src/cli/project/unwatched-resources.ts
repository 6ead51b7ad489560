import { formatGroupResource } from '@k1s/apimachinery'
import type { Manager } from '@k1s/controller-runtime'
import type { ProjectConfig } from '@k1s/controller-runtime/config'

/** A command that waits may run the controllers of its project more than once. */
const told = new WeakSet<ProjectConfig>()

/**
 * What to warn of: entries of `afterWrite.resources` after whose writes no controller runs, since none watches them. Each
 * configuration is only looked at once in a process.
 */
export function unwatchedResources(config: ProjectConfig, manager: Manager): string[] {
  const { resources = [], controllers = 'changed' } = config.afterWrite ?? {}
  // Otherwise controllers run whatever they watch.
  if (controllers !== 'changed' || told.has(config)) return []
  told.add(config)
  const watched = new Set(
    manager.controllers.flatMap(({ sources }) =>
      sources.flatMap((source) =>
        source.type === 'Kind'
          ? [formatGroupResource({ group: source.kind.group, resource: source.kind.plural })]
          : [],
      ),
    ),
  )
  const known = [...watched].join(', ') || 'none'
  return resources
    .filter((resource) => !watched.has(resource))
    .map(
      (resource) =>
        `afterWrite.resources: no controller watches ${JSON.stringify(resource)}; watched are: ${known}`,
    )
}
