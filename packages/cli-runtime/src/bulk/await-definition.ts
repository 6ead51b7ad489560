import { isJsonObject, type Unstructured } from '@k1s/apimachinery'
import type { BulkApi } from './bulk-api.ts'
import type { PlannedObject } from './planned-object.ts'

const firstDelay = 20
const longestDelay = 1000

/**
 * Returns when objects of a CustomResourceDefinition can be created: it is established, and discovery shows all of its
 * versions. Throws an Error if its names were not accepted, or if it takes too long.
 */
export async function awaitDefinition(
  { client, transport, tenant = 'default' }: BulkApi,
  { mapping, name }: PlannedObject,
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  for (let delay = firstDelay; ; delay = Math.min(delay * 2, longestDelay)) {
    const definition = await client.get<Unstructured>(mapping, { name })
    const refused = conditionOf(definition, 'NamesAccepted')
    if (refused?.status === 'False') throw new Error(`its names are not accepted: ${refused.message}`)
    if (conditionOf(definition, 'Established')?.status === 'True') {
      const served = await transport.discover(tenant)
      if (isServed(definition, served)) return
    }
    if (Date.now() + delay > deadline) {
      throw new Error(`timed out waiting for the condition: it was not served after ${timeoutMs / 1000}s`)
    }
    await new Promise((resolve) => setTimeout(resolve, delay))
  }
}

function conditionOf(
  { status }: Unstructured,
  type: string,
): { status: unknown; message: unknown } | undefined {
  const conditions = isJsonObject(status) && Array.isArray(status.conditions) ? status.conditions : []
  return conditions.find((condition) => isJsonObject(condition) && condition.type === type)
}

function isServed(
  { spec }: Unstructured,
  served: readonly { readonly group: string; readonly name: string; readonly versions: readonly string[] }[],
): boolean {
  if (!isJsonObject(spec) || !isJsonObject(spec.names)) return false
  const { plural } = spec.names
  const found = served.find(({ group, name }) => group === spec.group && name === plural)
  const versions = (Array.isArray(spec.versions) ? spec.versions : []).filter(({ served }) => served === true)
  return found !== undefined && versions.every(({ name }) => found.versions.includes(name))
}
