import type { ResourceDefinition, ResourceStrategy } from '../resource-definition.ts'

/** What a write needs to know of a kind. */
export function strategyOf(definition: ResourceDefinition): ResourceStrategy | Promise<ResourceStrategy> {
  return definition.loadStrategy === undefined ? definition.strategy : definition.loadStrategy()
}
