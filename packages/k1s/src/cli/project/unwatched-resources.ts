import { formatGroupResource } from '@k1s/apimachinery'
import type { Manager } from '@k1s/controller-runtime'
import type { ProjectConfig } from '@k1s/controller-runtime/config'

/** What to warn of: entries of `afterWrite.resources` that no controller watches, so that none runs after their writes. */
export function unwatchedResources(config: ProjectConfig, manager: Manager): string[] {
  const { resources = [], controllers = 'changed' } = config.afterWrite ?? {}
  // Otherwise controllers run whatever they watch.
  if (controllers !== 'changed') return []
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
