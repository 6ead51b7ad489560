import type { ResourceRequest } from './resource-request.ts'

/** What is said with each write of a kind whose schema has CEL rules. */
export function ruleWarnings({ version, definition, apiVersion }: ResourceRequest): string[] {
  if (version.hasValidationRules !== true) return []
  return [
    `${apiVersion} ${definition.kind}: the schema has x-kubernetes-validations rules, which are not enforced yet`,
  ]
}
