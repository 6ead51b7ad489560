import type { Manager } from '@k1s/controller-runtime'
import type { ProjectConfig } from '@k1s/controller-runtime/config'

/** What is wrong with `afterWrite.controllers`: a name that no controller has, so that every write would fail. */
export function unknownController({ afterWrite }: ProjectConfig, manager: Manager): string | undefined {
  const { controllers = 'changed' } = afterWrite ?? {}
  if (typeof controllers === 'string') return undefined
  const known = manager.controllers.map(({ name }) => name)
  const unknown = controllers.find((name) => !known.includes(name))
  if (unknown === undefined) return undefined
  return `afterWrite.controllers: there is no controller ${JSON.stringify(unknown)}; there are: ${known.join(', ') || 'none'}`
}
