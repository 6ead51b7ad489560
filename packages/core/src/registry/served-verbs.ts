import type { ResourceDefinition } from '../resource-definition.ts'

const ofBuiltins = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
] as const
const ofCustomResources = [
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'create',
  'update',
  'watch',
] as const

/**
 * Verbs that a resource answers, in the order in which an API server lists them, which differs for custom resources: kubectl
 * shows them as they come.
 */
export function servedVerbs({
  origin,
  unsupportedVerbs = [],
}: Partial<Pick<ResourceDefinition, 'origin' | 'unsupportedVerbs'>>): (typeof ofBuiltins)[number][] {
  const verbs = origin === 'builtin' ? ofBuiltins : ofCustomResources
  return verbs.filter((verb) => !unsupportedVerbs.includes(verb))
}
